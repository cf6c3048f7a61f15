import { createHash } from "node:crypto";
import { CORRECTION_NOTICE, COUNTERFACTUAL_NOTICE, type EditCase, noticeOf } from "../../datasets/case.ts";
import { type ReasonCount, Tally } from "../../datasets/reason-count.ts";
import type { ConfusionEvaluation } from "./confusion/result.ts";
import { canonicalJson, contentHash, portableCase } from "./content-hash.ts";
import { medkeVersion } from "./medke-version.ts";
import type { Protocol } from "./protocols/protocol.ts";
import { DEFAULT_PROFILES } from "./profiles/index.ts";
import type { CaseResult, Evaluation, ProfileName, ResultRow } from "./result.ts";
import { RowAccumulator } from "./row-accumulator.ts";
import { runKey, type RunIdentity } from "./run-key.ts";
import { otherWorld, shortBatches } from "./warnings.ts";

/** Makes the result document of an evaluation from what is read and finished, one case at a time. */
export class EvaluationBuilder {
  readonly #run: RunIdentity & { statisticsName?: string };
  readonly #protocol: Protocol;
  readonly #keep: boolean;
  readonly #profiles: readonly ProfileName[];
  readonly #phantomWorld: boolean | undefined;
  readonly #started = new Date();
  readonly #benchmarks = new Set<string>();
  readonly #read = createHash("sha256");
  readonly #skipped = new Tally();
  readonly #rows = new Map<number | undefined, RowAccumulator>();
  readonly #cases: CaseResult[] = [];
  readonly #confusion: { edits: number; evaluation: ConfusionEvaluation }[] = [];
  /** Whether every case so far has the right answer as its target. */
  #corrects = true;
  /** Of a protocol with groups: how many of each size, and which was seen last. */
  readonly #groups = new Map<number, number>();
  #group: number | undefined;
  /** Number of cases read and of tests finished. */
  read = 0;
  tested = 0;

  /**
   * `statisticsName`: what statistics are gathered over, in words; `keep`: whether the document holds every probe of every case; `profiles`:
   * those that have rows; `phantomWorld`: what the cases are about, where their benchmark's name does not say it.
   */
  constructor(
    run: RunIdentity & { statisticsName?: string },
    protocol: Protocol,
    keep: boolean,
    profiles: readonly ProfileName[] = DEFAULT_PROFILES,
    phantomWorld?: boolean,
  ) {
    this.#phantomWorld = phantomWorld;
    this.#profiles = profiles;
    this.#run = run;
    this.#protocol = protocol;
    this.#keep = keep;
  }

  /** Finished cases with their probes; none where they are not kept. */
  get cases(): readonly CaseResult[] {
    return this.#cases;
  }

  addCase(read: EditCase): void {
    this.read++;
    this.#corrects &&= noticeOf(read) === undefined;
    this.#benchmarks.add(read.benchmark);
    this.#read.update(`${canonicalJson(portableCase(read))}\n`);
  }

  addSkipped(reason: string, count = 1): void {
    this.#skipped.add(reason, count);
  }

  /** Cases that were read and not tested, by reason. */
  get untested(): ReasonCount[] {
    return this.#skipped.list();
  }

  addResult(result: CaseResult): void {
    this.tested++;
    const { seed } = this.#run;
    const { checkpoints, weighting } = this.#protocol;
    const checkpoint = checkpoints ? result.edits : undefined;
    const rows = this.#rows.get(checkpoint) ?? new RowAccumulator({ seed, weighting, profiles: this.#profiles });
    this.#rows.set(checkpoint, rows);
    rows.add(result);
    if (this.#keep) this.#cases.push(result);
    if (result.edits === undefined || result.group === this.#group) return;
    this.#group = result.group;
    this.#groups.set(result.edits, (this.#groups.get(result.edits) ?? 0) + 1);
  }

  /** Takes what confusion pairs got, first on the base model and then with `edits` cases edited. */
  addConfusion(edits: number, evaluation: ConfusionEvaluation): void {
    this.#confusion.push({ edits, evaluation });
  }

  /** The document so far. `partial` says of how many tests it is, where not all were done. */
  document({ skipped = [], partial }: { skipped?: readonly ReasonCount[]; partial?: { of: number } } = {}): Evaluation {
    const { model, editor, seed, statistics, statisticsName = "a corpus of the caller's" } = this.#run;
    const { id: protocol, suffix } = this.#protocol;
    const seconds = (Date.now() - this.#started.getTime()) / 1000;
    const [before, after] = this.#confusion;
    const benchmark = [...this.#benchmarks].join(" + ");
    const warnings = [otherWorld(model.id, benchmark, this.#phantomWorld), shortBatches(protocol, this.#groups)].filter(
      (warning) => warning !== undefined,
    );
    const named = (row: ResultRow, edits: number | undefined): ResultRow => ({
      ...row,
      comparable_group: `${row.comparable_group}${suffix}${edits ?? ""}`,
      ...(edits === undefined ? {} : { edits }),
    });
    return {
      run: {
        id: this.#id(),
        started: this.#started.toISOString(),
        seconds,
        medke: medkeVersion,
        node: process.version,
      },
      model: model.id,
      editor: editor.id,
      editor_options: editor.options,
      ...(statistics !== undefined &&
        editor.needs.includes("statistics") && { statistics: { corpus: statisticsName, digest: statistics } }),
      benchmark,
      protocol,
      seed,
      device: model.device,
      rows: [...this.#rows].flatMap(([edits, rows]) => rows.rows().map((row) => named(row, edits))),
      cases: [...this.#cases],
      skipped: [...skipped, ...this.#skipped.list()],
      ...(after && { confusion: { edits: after.edits, before: before.evaluation, after: after.evaluation } }),
      ...(warnings.length && { warnings }),
      ...(partial && { partial: { tested: this.tested, of: partial.of } }),
      notice: this.read > 0 && this.#corrects ? CORRECTION_NOTICE : COUNTERFACTUAL_NOTICE,
    };
  }

  /** Made from everything that determines the numbers: 16 hexadecimal digits. */
  #id(): string {
    return contentHash({
      run: runKey(this.#run),
      protocol: this.#protocol.id,
      profiles: this.#profiles,
      cases: this.#read.copy().digest("hex"),
      pairs: this.#confusion[0]?.evaluation.run.id,
    });
  }
}
