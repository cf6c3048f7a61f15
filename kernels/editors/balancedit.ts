import type { EditCase } from "../../datasets/case.ts";
import { throwIfCancelled } from "../errors.ts";
import { withBlankImage } from "../models/blank-image.ts";
import type { SiteId } from "../models/edit.ts";
import type { EditableModel } from "../models/editable-model.ts";
import type { Example } from "../models/example-batch.ts";
import type { Query } from "../models/model.ts";
import { euclidean } from "../models/scopes/nearest-row.ts";
import { lowRankParameters } from "../models/trainables.ts";
import { requireKnown } from "../nearest-name.ts";
import { random } from "../random.ts";
import { requireSite, upProjections } from "./default-sites.ts";
import type { EditContext, Editor, Intervention } from "./editor.ts";
import { makeEdit } from "./make-edit.ts";
import { balancEditRadius } from "./memories/balancedit-radius.ts";
import { OptionError, readOptions } from "./read-options.ts";
import { requireCases } from "./require-cases.ts";
import { keyScope, rowsOf } from "./routed/codebook-edit.ts";
import { earlierEdit } from "./routed/earlier-edit.ts";
import { lowRankStart } from "./routed/low-rank-start.ts";
import { promptVector } from "./routed/prompt-vector.ts";

export interface BalancEditOptions {
  /** Adam steps on the change of each case. Default 50; 0 stores nothing. */
  steps?: number;
  /** Adam's step size. Default 0.01. */
  lr?: number;
  /** Rank of an entry's change. Default 4; 0 stores nothing. */
  rank?: number;
  /** Share of the positive distance in the radius. Default 0.2; in [0, 1]. */
  balance?: number;
  /**
   * The paraphrase whose distance counts as positive: "reworded" (default), the question behind "please answer: "; or "probe", the case's own
   * first probe of text generality, which lets the editor see what it is tested with.
   */
  paraphrase?: "reworded" | "probe";
  /** Which tokens are trained: "answer" with word boundary and end token; "answer-only" the words alone. */
  labels?: Extract<Example["labels"], "answer" | "answer-only">;
  /** Site that is changed, and whose input is the key. Default: the up projection of the last layer. */
  site?: SiteId;
}

const DEFAULTS = {
  steps: 50,
  lr: 0.01,
  rank: 4,
  balance: 0.2,
  paraphrase: "reworded",
  labels: "answer",
  site: undefined,
} as const satisfies BalancEditOptions;

type Settings = Required<Omit<BalancEditOptions, "site">> & Pick<BalancEditOptions, "site">;

/**
 * BalancEdit: a codebook whose radii are set case by case between a paraphrase, which shall be answered by the entry, and the same question
 * about a black image, which shall not: radius = (1 - balance) negative + balance positive (Euclidean distances from the key, the input of
 * the site at the last prompt token). Within the radius a change of that projection acts, trained on the case alone; outside the model is
 * untouched, bit for bit.
 *
 * A case without an image has no negative; its radius is the positive distance. The change is of low rank here: a whole matrix for every
 * entry is more than a memory of many edits can hold.
 * Throws: NoSuchSiteError, OptionError, CancelledError.
 * Source: BalancEdit (Guo et al., 2025). All of this is unconfirmed: it is known from a re-use of the method, not from its own release.
 */
export function balancEdit(given: BalancEditOptions = {}): Editor {
  const options = readOptions<Settings>("balancedit", DEFAULTS, given, ["steps", "rank"]);
  requireKnown("balancedit paraphrase", options.paraphrase, ["reworded", "probe"]);
  requireKnown("balancedit labels", options.labels, ["answer", "answer-only"]);
  if (options.balance > 1)
    throw new OptionError(`balancedit option "balance": ${options.balance} is more than 1. The default is 0.2.`);
  return {
    id: "balancedit",
    summary: "a codebook whose radii lie between a paraphrase and a black image; within one, a trained change acts",
    needs: ["forward", "hidden states", "gradients"],
    takes: ["batch", "sequence"],
    options: { ...options },
    async edit(model, cases, context = {}) {
      requireCases("balancedit", cases);
      throwIfCancelled(context.signal, "balancedit");
      const { seed = 0 } = context;
      const site = requireSite("balancedit", model, options.site ?? upProjections("balancedit", model).at(-1)!);
      const { edit: before, base, supersedes } = earlierEdit(model, "balancedit", site);
      const scope = before?.scope.kind === "nearest-key" ? before.scope : undefined;
      const keys = scope ? rowsOf(scope) : [];
      const radii = [...(scope?.radii ?? [])];
      const owners = [...(scope?.cases ?? [])];
      const interventions: Intervention[] = [...(before?.interventions ?? [])];
      const losses: number[] = [];
      const [positives, negatives]: number[][] = [[], []];
      for (const [i, fact] of (options.steps && options.rank ? [...cases] : []).entries()) {
        const call: Call = { site, options, context };
        const { key, positive, negative } = await distances(base, fact, call);
        const trained = await train(base, fact, keys.length, call, (step, loss) =>
          context.onStep?.(i * options.steps + step, cases.length * options.steps, loss),
        );
        interventions.push(trained.change);
        losses.push(...trained.losses);
        positives.push(positive);
        if (negative !== undefined) negatives.push(negative);
        radii.push(negative === undefined ? positive : balancEditRadius({ positive, negative }, options.balance));
        keys.push(key);
        owners.push([fact.id]);
      }
      const own = radii.slice(scope?.radii.length ?? 0);
      const trace = { loss: losses, radii: own, positives, negatives };
      const provenance = { editor: "balancedit", model: model.id, seed, options: { ...options, site }, trace };
      return makeEdit(cases, interventions, provenance, {
        scope: keyScope(site, keys, radii, owners, "corrected"),
        supersedes,
      });
    },
  };
}

interface Call {
  site: SiteId;
  options: Settings;
  context: EditContext;
}

/** A case's key, and how far from it those of the paraphrase and of the black image are. */
async function distances(base: EditableModel, fact: EditCase, { site, options, context: { signal } }: Call) {
  const { image, question } = fact;
  const read = async (query: Query) => (await promptVector(base, query, { site, of: "input" }, signal)).vector;
  const key = await read({ image, question });
  const asked = options.paraphrase === "probe" ? fact.probes.find(({ kind }) => kind === "text-generality") : undefined;
  const positive = euclidean(key, await read({ image, question: asked?.question ?? `please answer: ${question}` }));
  throwIfCancelled(signal, "balancedit");
  if (!image) return { key, positive };
  const black = await withBlankImage((blank) => read({ image: blank, question }), 0);
  return { key, positive, negative: euclidean(key, black) };
}

/** Trains the change of one entry. */
async function train(
  base: EditableModel,
  { image, question, target }: EditCase,
  entry: number,
  { site: id, options, context: { seed = 0, signal } }: Call,
  onStep: (step: number, loss: number) => void,
): Promise<{ change: Intervention; losses: number[] }> {
  const site = base.sites.find((each) => each.id === id)!;
  const examples = [{ query: { image, question }, answer: target, labels: options.labels }];
  const objective = await base.objective({ trainables: [{ kind: "low-rank", site: id }], examples, signal });
  try {
    const { values, losses } = await objective.fit(lowRankStart(site, options.rank, random(seed * 1009 + entry)), {
      optimiser: { kind: "adam", lr: options.lr },
      steps: options.steps,
      signal,
      onStep,
    });
    const { a, b } = lowRankParameters(id);
    return { change: { kind: "low-rank", site: id, a: values[a], b: values[b], entry }, losses };
  } finally {
    await objective.release();
  }
}
