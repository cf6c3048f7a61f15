import type { EditCase } from "../../datasets/case.ts";
import { throwIfCancelled } from "../errors.ts";
import type { SiteId } from "../models/edit.ts";
import type { EditableModel } from "../models/editable-model.ts";
import type { Example } from "../models/example-batch.ts";
import { lowRankParameters } from "../models/trainables.ts";
import { requireKnown } from "../nearest-name.ts";
import { random } from "../random.ts";
import type { Tensor } from "../tensor.ts";
import { requireSite, upProjections } from "./default-sites.ts";
import type { EditContext, Editor } from "./editor.ts";
import { makeEdit } from "./make-edit.ts";
import { emptyTable, insertPoint } from "./memories/melo-clusters.ts";
import { readOptions } from "./read-options.ts";
import { requireCases } from "./require-cases.ts";
import { earlierEdit } from "./routed/earlier-edit.ts";
import { lowRankStart } from "./routed/low-rank-start.ts";
import { type Block, meloEdit, type MeloMemory, meloMemoryOf } from "./routed/melo-edit.ts";
import { promptVector } from "./routed/prompt-vector.ts";

export interface MeloOptions {
  /** Adam steps a block. Default 50; 0 stores nothing. */
  steps?: number;
  /** Adam's first step size. Default 0.01, which suits models of a few million parameters; published 1e-3, times a factor of sqrt(350) in the block. */
  lr?: number;
  /** The step size is halved after this many steps. Default 20, as published. */
  halveEvery?: number;
  /** Ranks of a block at each site. Default 2, as published; 0 stores nothing. */
  rank?: number;
  /** Cases that train one block together. Default 4, as published. */
  perBlock?: number;
  /**
   * Radius of a new cluster: Euclidean, in the input of the key's site. Default 2, which on the phantom model lies between paraphrases (1.1 to 2.1 away)
   * and the same question about other images (5 and more); published 0.5.
   */
  radius?: number;
  /** Which tokens are trained: "answer" with word boundary and end token; "answer-only" the words alone, as official code does. */
  labels?: Extract<Example["labels"], "answer" | "answer-only">;
  /** "official" compares targets by the sum of their ids, and lets the first of equal keys answer. Default "corrected": exact targets, the later key. */
  variant?: "official" | "corrected";
  /** Site whose input is the key. Default: the up projection at 35/47 of the depth, with two layers behind it where there are as many. */
  site?: SiteId;
}

const DEFAULTS = {
  steps: 50,
  lr: 0.01,
  halveEvery: 20,
  rank: 2,
  perBlock: 4,
  radius: 2,
  labels: "answer",
  variant: "corrected",
  site: undefined,
} as const satisfies MeloOptions;

type Settings = Required<Omit<MeloOptions, "site">> & Pick<MeloOptions, "site">;

/**
 * MELO: clusters of keys at one layer choose a low-rank block at the up projections of two layers behind it. A query outside every cluster gets
 * the model as it is, bit for bit.
 *
 * Keys are taken at the last prompt token. Cases are trained in groups, a block each; every case then goes into the clusters, where a key
 * that a split pushes out is forgotten (`trace.forgotten`). An edit of a view with clusters at the same site gives the enlarged memory.
 * Throws: NoSuchSiteError, OptionError, CarriedError, CancelledError.
 * Source: Yu et al., "MELO" (arXiv 2312.11795), in EasyEdit's configuration for GPT2-XL (adapted: blocks carry no rank factor; single edits
 * take a block of their own).
 */
export function melo(given: MeloOptions = {}): Editor {
  const options = readOptions<Settings>("melo", DEFAULTS, given, ["steps", "halveEvery", "rank", "perBlock"]);
  requireKnown("melo labels", options.labels, ["answer", "answer-only"]);
  requireKnown("melo variant", options.variant, ["official", "corrected"]);
  return {
    id: "melo",
    summary: "clusters of keys choose low-rank blocks on the layers behind them",
    needs: ["forward", "hidden states", "gradients"],
    takes: ["batch", "sequence"],
    options: { ...options },
    async edit(model, cases, context = {}) {
      requireCases("melo", cases);
      throwIfCancelled(context.signal, "melo");
      const { seed = 0, signal } = context;
      const { site, targets } = placesOf(model, options.site);
      const { edit: before, base, supersedes } = earlierEdit(model, "melo", site);
      const memory: MeloMemory = before
        ? meloMemoryOf(before, options.variant)
        : { table: emptyTable(options.variant), blocks: [], cases: new Map() };
      const [losses, actions]: [number[], string[]] = [[], []];
      let forgotten = 0;
      const size = Math.max(1, options.perBlock);
      const acts = options.steps > 0 && options.rank > 0;
      for (let from = 0; acts && from < cases.length; from += size) {
        const group = cases.slice(from, from + size);
        const done = losses.length;
        const block = memory.blocks.length;
        const trained = await train(base, group, block, { targets, options, context }, (step, loss) =>
          context.onStep?.(done + step, Math.ceil(cases.length / size) * options.steps, loss),
        );
        memory.blocks.push(trained.steps);
        losses.push(...trained.losses);
        for (const [i, fact] of group.entries()) {
          const { vector: key } = await promptVector(base, fact, { site, of: "input" }, signal);
          const inserted = insertPoint(memory.table, { key, block, label: trained.labels[i] }, options);
          memory.table = inserted.table;
          memory.cases.set(key, fact.id);
          actions.push(inserted.action);
          forgotten += inserted.forgotten.length;
        }
      }
      const { interventions, scope, carried } = meloEdit(memory, site);
      const trace = { loss: losses, actions: actions.join(" "), forgotten, clusters: scope.radii.length };
      const provenance = { editor: "melo", model: model.id, seed, options: { ...options, site, targets }, trace };
      return makeEdit(cases, interventions, provenance, { scope, supersedes, carried });
    },
  };
}

/** Where keys are read, and the sites of the two blocks: of a layer behind the key's, or its own, whose input the block does not change. */
function placesOf(model: EditableModel, given: SiteId | undefined): { site: SiteId; targets: SiteId[] } {
  const all = upProjections("melo", model);
  const depth = all.length - 1;
  const site = given ?? all[Math.max(0, Math.min(Math.round((35 / 47) * depth), depth - 2))];
  requireSite("melo", model, site);
  const { layer } = model.sites.find(({ id }) => id === site)!;
  const layerOf = (id: SiteId) => model.sites.find((each) => each.id === id)!.layer;
  const behind = all.filter((id) => layerOf(id) > layer);
  return { site, targets: (behind.length >= 2 ? behind : all.filter((id) => layerOf(id) >= layer)).slice(0, 2) };
}

interface Call {
  targets: readonly SiteId[];
  options: Settings;
  context: EditContext;
}

/** Trains one block on some cases. `labels`: the answer ids of each. */
async function train(
  base: EditableModel,
  cases: readonly EditCase[],
  block: number,
  { targets, options, context: { seed = 0, signal } }: Call,
  onStep: (step: number, loss: number) => void,
) {
  const examples = cases.map(({ image, question, target }) => {
    return { query: { image, question }, answer: target, labels: options.labels };
  });
  const trainables = targets.map((site) => ({ kind: "low-rank" as const, site }));
  const objective = await base.objective({ trainables, examples, signal });
  try {
    const stream = random(seed * 1009 + block);
    const initial: Record<string, Tensor<Float32Array>> = {};
    for (const site of targets) {
      const found = base.sites.find(({ id }) => id === site)!;
      Object.assign(initial, lowRankStart(found, options.rank, stream));
    }
    const { values, losses } = await objective.fit(initial, {
      optimiser: { kind: "adam", lr: options.lr },
      schedule: { kind: "step", every: Math.max(1, options.halveEvery), factor: 0.5 },
      steps: options.steps,
      signal,
      onStep,
    });
    const steps: Block = targets.map((site) => {
      const names = lowRankParameters(site);
      return { kind: "low-rank", site, a: values[names.a], b: values[names.b], entry: block };
    });
    return { steps, losses, labels: objective.batch.sequences.map(({ text }) => text.answer) };
  } finally {
    await objective.release();
  }
}
