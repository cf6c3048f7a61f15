import type { Probe } from "../../../datasets/case.ts";
import type { Editor } from "../../../kernels/editors/editor.ts";
import type { Edit } from "../../../kernels/models/edit.ts";
import type { EditableModel } from "../../../kernels/models/editable-model.ts";
import type { AnswerScore, Query } from "../../../kernels/models/model.ts";

/** Answers by "image|question"; anything else is answered "unknown". */
export type AnswerTable = Record<string, string>;

export const entry = ({ image, question }: Pick<Probe, "image" | "question">) => `${image?.id}|${question}`;

/** A model in memory that answers from a table. A word is a token; an edit is a prefix whose text lists changed entries, or "*". */
export class TableModel implements EditableModel {
  readonly id = "table-model";
  readonly device = { requested: "cpu", device: "cpu", reason: "asked for" } as const;
  readonly sites = [];
  readonly contextLength = 512;
  readonly edits: readonly Edit[];
  /** Number of calls, for tests that count. */
  readonly calls: { answer: number; score: number };
  /** Added to every log-probability; a test changes it to play a base model that an editor damaged. */
  drift = 0;
  private readonly table: AnswerTable;
  private readonly delayMs: number;

  constructor(table: AnswerTable, edits: readonly Edit[] = [], calls = { answer: 0, score: 0 }, delayMs = 0) {
    this.table = table;
    this.edits = edits;
    this.calls = calls;
    this.delayMs = delayMs;
  }

  async answer(query: Query): Promise<string> {
    this.calls.answer++;
    if (this.delayMs) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    return this.lookUp(query);
  }

  async score(query: Query, answer: string): Promise<AnswerScore> {
    this.calls.score++;
    const ids = answer.split(" ").map(wordId);
    const own = this.lookUp(query).split(" ").map(wordId);
    const argmax = ids.map((_, i) => own[i] ?? 0);
    return { ids, argmax, logprobs: ids.map((id, i) => (id === argmax[i] ? -0.5 : -4) + this.drift) };
  }

  with(...edits: Edit[]): TableModel {
    const changes = edits
      .flatMap(({ interventions }) => interventions)
      .map((step) => (step.kind === "prefix" ? (JSON.parse(step.text) as AnswerTable) : {}));
    return new TableModel(
      Object.assign({}, this.table, ...changes),
      [...this.edits, ...edits],
      this.calls,
      this.delayMs,
    );
  }

  private lookUp(query: Query): string {
    return this.table["*"] ?? this.table[entry(query)] ?? "unknown";
  }

  weight(): never {
    throw new Error("a table has no weights");
  }
  async objective(): Promise<never> {
    throw new Error("a table has no gradients");
  }
  async states(): Promise<never> {
    throw new Error("a table has no hidden states");
  }
  imageRows = async () => undefined;
  promptRow = (_: Query, end: number) => end;
  readonly passes = { forward: 0, backward: 0 };
  async logits(): Promise<never> {
    throw new Error("a table has no logits");
  }
  promptLength = ({ question }: Query) => question.split(" ").length;
  embedText = async (text: string) => Float32Array.of(text.length);
  async sentenceEncoder(): Promise<never> {
    throw new Error("a table has no sentence encoder");
  }
  async dispose(): Promise<void> {}
}

const wordId = (word: string) => [...word].reduce((hash, char) => (Math.imul(hash, 31) + char.charCodeAt(0)) | 0, 7);

/** An editor that changes the table's entries as `changes` says. */
export const tableEditor = (
  id: string,
  changes: (edited: Parameters<Editor["edit"]>[1][number]) => AnswerTable,
): Editor => ({
  id,
  summary: "changes entries of a table",
  needs: ["forward"],
  takes: ["batch", "sequence"],
  options: {},
  async edit(model, cases, { seed = 0 } = {}) {
    const ids = cases.map((edited) => edited.id);
    const changed = Object.assign({}, ...cases.map(changes));
    const interventions = [{ kind: "prefix" as const, text: JSON.stringify(changed) }];
    const provenance = { editor: id, model: model.id, seed, options: {} };
    return {
      id: `${id}-${ids.join("+")}`,
      editor: id,
      cases: ids,
      interventions,
      scope: { kind: "always" },
      provenance,
    };
  },
});

/** Changes nothing. */
export const noOp = tableEditor("no-op", () => ({}));

/** Gives every probe with a wanted answer that answer, and touches nothing else. */
export const oracle = tableEditor("oracle", ({ probes }) =>
  Object.fromEntries(
    probes.flatMap((probe) => ("answer" in probe.expect ? [[entry(probe), probe.expect.answer]] : [])),
  ),
);

/** Gives every question of the world the target. */
export const flood = tableEditor("flood", ({ target }) => ({ "*": target }));
