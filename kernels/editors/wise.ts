import type { EditCase } from "../../datasets/case.ts";
import { throwIfCancelled } from "../errors.ts";
import { requireKnown } from "../nearest-name.ts";
import { random } from "../random.ts";
import { downProjectionAt, requireSite } from "./default-sites.ts";
import type { Editor } from "./editor.ts";
import { makeEdit } from "./make-edit.ts";
import { emptyWiseMemory, recordEdit, type WiseMemory, type WiseMemoryOptions } from "./memories/wise-memory.ts";
import { readOptions } from "./read-options.ts";
import { requireCases } from "./require-cases.ts";
import { earlierEdit } from "./routed/earlier-edit.ts";
import { trainWise, type WiseCall } from "./routed/train-wise.ts";
import { wiseEdit, wiseMemoryOf } from "./routed/wise-edit.ts";
import { WISE_DEFAULTS, type WiseOptions, type WiseSettings } from "./routed/wise-options.ts";

export type { WiseOptions } from "./routed/wise-options.ts";

/**
 * WISE: edits go into a copy of one MLP down projection; where that copy would change the activations of a prompt as much as it does for its
 * own edits, it answers, else the model's own weight.
 *
 * Loss: mean negative log-likelihood of the targets (nats) and three margins on the activation change, of edited prompts and of prompts of
 * the corpus. Gradient descent on a random share of the weights, drawn from the seed anew for every shard. Several cases are trained
 * together. An edit of a view that holds a side memory at the same site goes on with it.
 * The change is the mean over the tokens of the prompt alone, image tokens included, in training as in routing; so it does not depend on what
 * is generated. Official code counts whatever tokens a call happens to have.
 * Throws: NoSuchSiteError, OptionError, WiseIntervalError, CarriedError, CancelledError; SurgeryError where the MLP's activation cannot be read.
 * Source: Wang et al., "WISE" (arXiv 2405.14768), in the configurations of EasyEdit (adapted: the decay pulls towards the model's weight).
 */
export function wise(given: WiseOptions = {}): Editor {
  const chosen = readOptions<WiseSettings>("wise", WISE_DEFAULTS, given, [
    "steps",
    "localityPrompts",
    "saveEvery",
    "mergeEvery",
  ]);
  requireKnown("wise labels", chosen.labels, ["answer", "answer-only"]);
  requireKnown("wise variant", chosen.variant, ["official", "corrected"]);
  return {
    id: "wise",
    summary: "trains a copy of one MLP down projection that answers where it changes activations as its edits do",
    needs: ["forward", "hidden states", "gradients", "corpus"],
    takes: ["batch", "sequence"],
    options: { ...chosen },
    async edit(model, cases, context = {}) {
      requireCases("wise", cases);
      throwIfCancelled(context.signal, "wise");
      const { seed = 0, corpus = [] } = context;
      const site = requireSite("wise", model, chosen.site ?? downProjectionAt("wise", model, 27 / 31));
      const { edit: before, base, supersedes } = earlierEdit(model, "wise", site);
      const { dims, data } = base.weight(site);
      const none = new Float32Array(data.length);
      const options = { ...chosen, saveEvery: chosen.saveEvery || editsFor(data.length, chosen.mergeEvery) };
      let memory = before ? wiseMemoryOf(before, data.length, options.saveEvery) : emptyWiseMemory(none);
      const others = otherPrompts(
        corpus,
        [...cases.map(({ id }) => id), ...casesOf(memory)],
        memory.edits,
        options,
        seed,
      );
      const [losses, activations, distances]: number[][] = [[], [], []];
      for (const group of options.steps ? groups(cases, memory.edits, options.saveEvery) : []) {
        const call: WiseCall = { site, dims, options, context, others };
        const done = losses.length;
        const trained = await trainWise(base, group, memory, call, (step, loss) =>
          context.onStep?.(done + step, done + options.steps, loss),
        );
        losses.push(...trained.losses);
        activations.push(...trained.activations);
        distances.push(...trained.distances);
        for (const [i, { id }] of group.entries()) {
          const { weight } = trained;
          memory = recordEdit(
            memory,
            { weight, activation: trained.activations[i], caseId: id },
            none,
            merging(options),
          );
        }
      }
      const { interventions, scope, carried } = wiseEdit(memory, { ...options, site, dims });
      const trace = { loss: losses, memories: scope.thresholds.length, activations, locality: distances };
      const provenance = { editor: "wise", model: model.id, seed, options: { ...options, site }, trace };
      return makeEdit(cases, interventions, provenance, { scope, supersedes, carried });
    },
  };
}

/** Numbers of a weight for each edit in a shard: 11008 x 4096 over 500 in the published configurations. */
const NUMBERS_AN_EDIT = 90_000;

/** Edits that a weight of so many numbers holds: at least 1, and a divisor of `mergeEvery`. */
function editsFor(numbers: number, mergeEvery: number): number {
  let edits = Math.max(1, Math.floor(numbers / NUMBERS_AN_EDIT));
  while (mergeEvery % edits) edits--;
  return edits;
}

const casesOf = ({ shards, current }: WiseMemory) => [...shards, current].flatMap(({ cases }) => cases);

/** Cases whose prompts shall rest: drawn anew for every edit, and never one that the memory holds, which would make it forget. */
function otherPrompts(
  corpus: readonly EditCase[],
  edited: readonly string[],
  edits: number,
  { localityPrompts }: WiseSettings,
  seed: number,
): EditCase[] {
  const known = new Set(edited);
  const rest = corpus.filter(({ id }) => !known.has(id));
  return random(seed * 1009 + edits)
    .shuffle(rest)
    .slice(0, localityPrompts);
}

const merging = ({ saveEvery, mergeEvery, density }: WiseSettings): WiseMemoryOptions => {
  return { saveEvery, mergeEvery, merge: { density } };
};

/** Cases that are trained together: those that still go into one shard. */
function groups(cases: readonly EditCase[], edits: number, saveEvery: number): EditCase[][] {
  const made: EditCase[][] = [];
  for (let from = 0, room = saveEvery - (edits % saveEvery); from < cases.length; from += room, room = saveEvery)
    made.push(cases.slice(from, from + room));
  return made;
}
