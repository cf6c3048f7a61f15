import type { EditCase } from "../../../datasets/case.ts";
import type { EditContext, Editor } from "../../editors/editor.ts";
import { throwIfCancelled } from "../../errors.ts";
import type { Edit, Provenance } from "../../models/edit.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import { foldEdits } from "../../models/fold-edits.ts";
import { contentHash, portableCase } from "../content-hash.ts";

/** How one case came to be edited. */
export interface Editing {
  /** Wall time of the editor's call, milliseconds. */
  ms: number;
  provenance: Provenance;
}

/**
 * The edits between two restores, each made on the model in which those before it are in force. A restore begins another chain.
 *
 * They are made when somebody first asks for the view: a run that is resumed, and finds every result of a stretch stored, edits nothing.
 */
export class EditChain {
  readonly #base: EditableModel;
  readonly #editor: Editor;
  readonly #waiting: (readonly EditCase[])[] = [];
  readonly #made = new Map<string, Editing>();
  #edits: Edit[] = [];
  #view: EditableModel;
  #key: string;
  #count = 0;

  /** `root` is the hash of everything but the cases that determines an edit. */
  constructor(base: EditableModel, editor: Editor, root: string) {
    this.#base = base;
    this.#view = base;
    this.#editor = editor;
    this.#key = root;
  }

  /** Number of cases edited. */
  get count(): number {
    return this.#count;
  }

  /** Hash of everything that determines what the view answers: the root, and the edited cases call by call. */
  get key(): string {
    return this.#key;
  }

  /** Adds one call of the editor. */
  push(cases: readonly EditCase[]): void {
    this.#waiting.push(cases);
    this.#count += cases.length;
    this.#key = contentHash({ after: this.#key, edit: cases.map(portableCase) }, 32);
  }

  /**
   * The model with all edits in force; makes those that are not made yet. `onEdit` is called before each with the number made before.
   *
   * Throws: CancelledError, and what the editor throws.
   */
  async view(context: EditContext, onEdit: (made: number) => void): Promise<EditableModel> {
    while (this.#waiting.length) {
      throwIfCancelled(context.signal, this.#editor.id);
      onEdit(this.#made.size);
      const cases = this.#waiting[0];
      const started = performance.now();
      const edit = await this.#editor.edit(this.#view, cases, context);
      const editing = { ms: performance.now() - started, provenance: edit.provenance };
      for (const { id } of cases) this.#made.set(id, editing);
      this.#edits = foldEdits(this.#edits, edit);
      this.#view = this.#base.with(...this.#edits);
      this.#waiting.shift();
    }
    return this.#view;
  }

  /** How a case was edited; after `view`. */
  editingOf({ id }: EditCase): Editing | undefined {
    return this.#made.get(id);
  }
}
