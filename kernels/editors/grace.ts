import type { EditCase } from "../../datasets/case.ts";
import { throwIfCancelled } from "../errors.ts";
import type { SiteId } from "../models/edit.ts";
import type { EditableModel } from "../models/editable-model.ts";
import type { Example } from "../models/example-batch.ts";
import { shiftParameter } from "../models/trainables.ts";
import { requireKnown } from "../nearest-name.ts";
import { random } from "../random.ts";
import { float32 } from "../tensor.ts";
import { downProjectionBelowLast, requireSite } from "./default-sites.ts";
import type { EditContext, Editor } from "./editor.ts";
import { makeEdit } from "./make-edit.ts";
import { emptyCodebook, type GraceInsertion, insertKey, withValue } from "./memories/grace-codebook.ts";
import { OptionError, readOptions } from "./read-options.ts";
import { requireCases } from "./require-cases.ts";
import { codebookEdit, codebookOf } from "./routed/codebook-edit.ts";
import { earlierEdit } from "./routed/earlier-edit.ts";
import { promptVector } from "./routed/prompt-vector.ts";

export interface GraceOptions {
  /** Adam steps on the value of each case. Default 50; 0 stores nothing. */
  steps?: number;
  /** Adam's step size. Default 1, as published. */
  lr?: number;
  /** Radius of a new entry: Euclidean, in the input of the site. Default 1, as published; > 0. */
  radius?: number;
  /** What a near key of the same target does: "coverage" (default) widens the ball; "moving-average" also moves its centre half-way. */
  expand?: "coverage" | "moving-average";
  /** Which tokens are trained: "answer" with word boundary and end token; "answer-only" the words alone, as official code does. */
  labels?: Extract<Example["labels"], "answer" | "answer-only">;
  /**
   * "official" compares targets by the mean of their label rows, against another entry's label once there are two, and lets the first of equal
   * keys answer. Default "corrected": exact targets, each with its own key, the later of equal keys.
   */
  variant?: "official" | "corrected";
  /** Site whose output is replaced. Default: the MLP down projection at 27/31 of the depth, below the last layer. */
  site?: SiteId;
}

const DEFAULTS = {
  steps: 50,
  lr: 1,
  radius: 1,
  expand: "coverage",
  labels: "answer",
  variant: "corrected",
  site: undefined,
} as const satisfies GraceOptions;

type Settings = Required<Omit<GraceOptions, "site">> & Pick<GraceOptions, "site">;

/**
 * GRACE: a codebook at one layer. The input of the site at the last prompt token is a key; where a query's key falls within an entry's radius,
 * the site's output at that token becomes the entry's value, which was trained to give the target. Elsewhere the model is untouched, bit
 * for bit.
 *
 * Values start uniform in [0, 1) ("cold"). Cases are stored one after another, and an edit of a view with a codebook at the same site gives
 * the enlarged codebook. The position is that of each query (official code reuses the last edit's under teacher forcing).
 * Throws: NoSuchSiteError, OptionError, CarriedError, CancelledError.
 * Source: Hartvigsen et al., "Aging with GRACE" (arXiv 2211.11031), algorithm 1, in the configurations of EasyEdit (reproduced).
 */
export function grace(given: GraceOptions = {}): Editor {
  const options = readOptions<Settings>("grace", DEFAULTS, given, ["steps"]);
  requireKnown("grace expand", options.expand, ["coverage", "moving-average"]);
  requireKnown("grace labels", options.labels, ["answer", "answer-only"]);
  requireKnown("grace variant", options.variant, ["official", "corrected"]);
  if (options.radius <= 0)
    throw new OptionError('grace option "radius": an entry of radius 0 answers nothing. The default is 1.');
  return {
    id: "grace",
    summary: "a codebook of keys with radii; within one, a trained vector replaces the output of one MLP",
    needs: ["forward", "hidden states", "gradients"],
    takes: ["batch", "sequence"],
    options: { ...options },
    async edit(model, cases, context = {}) {
      requireCases("grace", cases);
      throwIfCancelled(context.signal, "grace");
      const { seed = 0 } = context;
      const site = requireSite("grace", model, options.site ?? downProjectionBelowLast("grace", model, 27 / 31));
      const { edit: before, base, supersedes } = earlierEdit(model, "grace", site);
      let codebook = before ? codebookOf(before, options.variant) : emptyCodebook(options.variant);
      const done: { action: string; losses: number[] }[] = [];
      for (const fact of options.steps ? cases : []) {
        const report = (step: number, loss: number) =>
          context.onStep?.(done.length * options.steps + step, cases.length * options.steps, loss);
        const { inserted, losses } = await store(base, fact, codebook, { site, options, context, report });
        codebook = inserted.codebook;
        done.push({ action: inserted.action, losses });
      }
      const { interventions, scope, carried } = codebookEdit(codebook, site);
      const trace = {
        loss: done.flatMap(({ losses }) => losses),
        actions: done.map(({ action }) => action).join(" "),
        entries: codebook.keys.length,
      };
      const provenance = { editor: "grace", model: model.id, seed, options: { ...options, site }, trace };
      return makeEdit(cases, interventions, provenance, { scope, supersedes, carried });
    },
  };
}

interface Call {
  site: SiteId;
  options: Settings;
  context: EditContext;
  report: (step: number, loss: number) => void;
}

/** Takes a case into a codebook, and trains the value of the entry that answers for it. */
async function store(
  model: EditableModel,
  fact: EditCase,
  codebook: GraceInsertion["codebook"],
  { site, options, context: { seed = 0, signal }, report }: Call,
): Promise<{ inserted: GraceInsertion; losses: number[] }> {
  const { image, question, target } = fact;
  const query = { image, question };
  const { vector: key, row } = await promptVector(model, query, { site, of: "input" }, signal);
  const { vector: output } = await promptVector(model, query, { site, of: "output" }, signal);
  throwIfCancelled(signal, "grace");
  const examples = [{ query, answer: target, labels: options.labels, shifts: { [site]: row } }];
  const objective = await model.objective({ trainables: [{ kind: "shift", site }], examples, signal });
  try {
    const [{ text }] = objective.batch.sequences;
    const label = [...text.prompt.map(() => -100), ...text.answer];
    const stream = random(seed * 1009 + codebook.keys.length);
    const value = output.map(() => stream.between(0, 1));
    const entry = { key, value, label, caseId: fact.id };
    const inserted = insertKey(codebook, entry, { radius: options.radius, expand: options.expand });
    const start = inserted.codebook.values[inserted.entry];
    const name = shiftParameter(site);
    const shift = float32(start.map((each, i) => each - output[i]), [output.length]); // prettier-ignore
    const { values, losses } = await objective.fit(
      { [name]: shift },
      { optimiser: { kind: "adam", lr: options.lr }, steps: options.steps, signal, onStep: report },
    );
    const trained = output.map((each, i) => each + values[name].data[i]);
    return { inserted: { ...inserted, codebook: withValue(inserted.codebook, inserted.entry, trained) }, losses };
  } finally {
    await objective.release();
  }
}
