/** Milliseconds between the closing of an untitled notebook and the opening of its saved form, or the reverse, at most. */
const TOGETHER = 10_000;

/**
 * Notices that an untitled notebook was saved. VS Code then closes it and opens a new notebook over the file, in either order, and
 * nothing but the cells tells that they belong together; an untitled notebook that is thrown away opens no such notebook.
 */
export class SavedUntitled<Notebook> {
  readonly #textsOf: (notebook: Notebook) => string[];
  readonly #onSaved: (untitled: Notebook, saved: Notebook) => void;
  #closed: Seen<Notebook>[] = [];
  #opened: Seen<Notebook>[] = [];

  constructor(textsOf: (notebook: Notebook) => string[], onSaved: (untitled: Notebook, saved: Notebook) => void) {
    this.#textsOf = textsOf;
    this.#onSaved = onSaved;
  }

  /** An untitled notebook whose cells had run was closed. */
  closed(untitled: Notebook): void {
    this.#forgetOld();
    const texts = this.#key(untitled);
    const saved = this.#opened.find((seen) => seen.texts === texts);
    if (saved) this.#onSaved(untitled, saved.notebook);
    else this.#closed.push({ notebook: untitled, texts, at: Date.now() });
  }

  /** A notebook over a file was opened. */
  opened(saved: Notebook): void {
    this.#forgetOld();
    const texts = this.#key(saved);
    const untitled = this.#closed.find((seen) => seen.texts === texts);
    if (!untitled) return void this.#opened.push({ notebook: saved, texts, at: Date.now() });
    this.#closed = this.#closed.filter((seen) => seen !== untitled);
    this.#onSaved(untitled.notebook, saved);
  }

  #key(notebook: Notebook): string {
    return JSON.stringify(this.#textsOf(notebook).map((text) => text.replaceAll("\r\n", "\n")));
  }

  #forgetOld(): void {
    const isRecent = ({ at }: Seen<Notebook>) => Date.now() - at < TOGETHER;
    this.#closed = this.#closed.filter(isRecent);
    this.#opened = this.#opened.filter(isRecent);
  }
}

interface Seen<Notebook> {
  notebook: Notebook;
  texts: string;
  at: number;
}

/** What saving an untitled notebook cost, and why. */
export const savedMessage = (untitled: string, saved: string): string =>
  `${saved}: a notebook that was saved for the first time gets a fresh kernel in its folder. All variables of ${untitled} are lost; run the notebook from the start.`;
