import { throwIfCancelled } from "../errors.ts";
import { gradientGraph, gradientName } from "../onnx/gradients/vjp.ts";
import type { OnnxModel } from "../onnx/graph.ts";
import { crossEntropy } from "../onnx/losses/cross-entropy.ts";
import { softCrossEntropy } from "../onnx/losses/soft-cross-entropy.ts";
import { lower } from "../onnx/lowering/index.ts";
import { singlePrecision } from "../onnx/lowering/single-precision.ts";
import { LATE_FROM, lateRows } from "../onnx/surgery/late-rows.ts";
import { selectRows } from "../onnx/surgery/select-rows.ts";
import { stage } from "../onnx/surgery/stage.ts";
import type { OptimiserOptions } from "../runtime/optimisers/optimiser.ts";
import { schedule } from "../runtime/optimisers/schedule.ts";
import type { UpdateRule } from "../runtime/training/update-rule.ts";
import { manySteps } from "../runtime/training/many-steps.ts";
import { nextName, slotName, trainingGraph } from "../runtime/training/training-graph.ts";
import { anchorName, boundedRule, maskName } from "../runtime/training/bounded-rule.ts";
import { int64, type Tensor } from "../tensor.ts";
import type { CombinedEdits } from "./combine-edits.ts";
import { sequenceFeeds } from "./decoder-feeds.ts";
import { type Staged, StagedHalf } from "./staged-half.ts";
import { requireFinite, requireFiniteValues } from "./diverged-error.ts";
import type { EditObjective, Evaluated, FitOptions, Fitted, ObjectiveOptions, Values } from "./edit-objective.ts";
import { type Example, exampleBatch } from "./example-batch.ts";
import type { ModelParts } from "./model-parts.ts";
import type { SiteId } from "./edit.ts";
import { featureDims, joinedFeeds, joinedGraph } from "./joined-graph.ts";
import { scoredRowsOnly } from "./scored-rows-only.ts";
import { sidesAt, sideFeeds, sideSites } from "./side-feeds.ts";
import { withSides } from "./with-sides.ts";
import { masksOf, parametersOf, withTrainables } from "./trainables.ts";

/**
 * Compiles an objective on a view's decoder, and computes once what does not depend on the parameters.
 *
 * Compiled graphs are kept with the decoder: the next objective with the same trainables on a view with the same side inputs only runs the
 * fixed half. Throws: UnknownNameError, SurgeryError; what lowering and differentiation throw; CancelledError.
 */
export async function compileObjective(
  parts: ModelParts,
  edits: CombinedEdits,
  { trainables, examples, extra, signal }: ObjectiveOptions,
): Promise<EditObjective> {
  const { decoder, vision, sequences, endToken, contextLength } = parts;
  const inVision = (site: SiteId) => vision?.has(site) ?? false;
  const sides = sidesAt(sideSites(edits), (site) => !inVision(site));
  const seen = {
    sides: sidesAt(sideSites(edits), inVision),
    trainables: trainables.filter(({ site }) => inVision(site)),
  };
  const joined = seen.trainables.length ? vision : undefined;
  const parameters = trainables.flatMap(parametersOf);
  const maskInputs = trainables.flatMap(masksOf);
  const soft = examples.some((each) => each.soft?.length);
  const key = { sides, trainables, soft, extra: extra?.name, ...(joined && { seen: seen.sides }) };
  const vocabulary = soft ? vocabularyOf(parts) : undefined;
  const shifts = trainables.filter(({ kind }) => kind === "shift").map(({ site }) => site);
  const batch = await exampleBatch(sequences, examples, {
    endToken,
    contextLength,
    prefix: edits.prefix,
    vocabulary,
    shifts,
  });
  throwIfCancelled(signal, "preparing an objective");
  const { embeds } = batch;
  // Other trainables act on every row.
  const late =
    shifts.length > 0 && trainables.every(({ kind }) => kind === "shift") && !joined && (await decoder.causal());
  const few = embeds.dims[0] * embeds.dims[1] <= FEW_TOKENS;

  const gradients = decoder.once("gradients of an edit", key, async () => {
    const own = trainables.filter(({ site }) => !inVision(site));
    const trained = withTrainables(decoder.edited(sides), decoder.sites, own);
    const words = crossEntropy(selectRows(trained));
    const asked = soft ? softCrossEntropy(words) : words;
    const encoder = joined && withSides(joined.graph, joined.sites, seen.sides);
    const whole = joined
      ? joinedGraph(withTrainables(encoder!, joined.sites, seen.trainables), asked, await featureDims(joined, examples))
      : asked;
    // Only what lies behind the first parameter is rewritten: the layers before it keep their fused kernels and quantised weights.
    const single = singlePrecision(lower(whole, { targets: parameters }), parameters);
    const scored = await scoredRowsOnly(decoder, extra ? extra.rewrite(single) : single, SCORES);
    const model = late ? lateRows(scored, shifts, await decoder.trace(scored)) : scored;
    const trace = await decoder.trace(model);
    return gradientGraph(model, { loss: "loss", keep: SCORES, targets: parameters, trace });
  });
  const staged = async (
    what: string,
    of: object,
    make: () => Promise<OnnxModel>,
    varying: (m: OnnxModel) => string[],
    finish = (rest: OnnxModel) => rest,
  ) => {
    const halves = () => decoder.once(`${what}, halves`, of, async () => {
      const model = await make();
      return stage(model, varying(model));
    }); // prettier-ignore
    const { carried } = await halves();
    const [fixed, rest] = await Promise.all([
      // Where everything depends on the parameters there is nothing to compute, and a graph without outputs cannot run.
      carried.length
        ? decoder.compile(`${what}, fixed half`, of, async () => (await halves()).fixed)
        : Promise.resolve(undefined),
      decoder.compile(`${what}, rest`, of, async () => finish((await halves()).rest), few),
    ]);
    return { fixed, rest, carried };
  };

  const rows = batch.sequences.map(({ text }) => text.prompt.length - 1);
  const feeds: Record<string, Tensor> = {
    ...sequenceFeeds(decoder.base.inputs, embeds),
    ...(joined && (await joinedFeeds(joined, sequences, examples, batch.sequences, embeds.dims[1]))),
    ...sideFeeds(edits, embeds.dims[1], rows),
    ...batch.feeds,
    ...extra?.feeds(batch),
    ...(late && { [LATE_FROM]: int64([firstShifted(examples, embeds.dims[1])], [1]) }),
  };
  const halves = new Map<string, Promise<StagedHalf>>();
  /** Runs the fixed half of a staged graph once for this objective, and again where its values were lost with the worker. */
  const prepared = async (name: string, make: () => Promise<Staged>) => {
    const known = halves.get(name);
    if ((await known)?.lost && halves.get(name) === known) halves.delete(name);
    const half = halves.get(name) ?? make().then((made) => StagedHalf.run(parts, made, feeds, signal));
    halves.set(name, half);
    half.catch(() => halves.delete(name));
    return half;
  };

  async function evaluate(values: Values, called?: AbortSignal): Promise<Evaluated> {
    const half = await prepared("gradients", () => staged("gradients of an edit", key, () => gradients, () => [...parameters, ...maskInputs])); // prettier-ignore
    const outputs = await half.rest(
      { ...feeds, ...values },
      ["loss", "logprobs", ...parameters.map(gradientName)],
      called,
    );
    parts.passes.forward++;
    parts.passes.backward++;
    const logprobs = Array.from(outputs.logprobs.data as Float32Array);
    return {
      loss: Number(outputs.loss.data[0]),
      logprobs: batch.spans.map(([from, to]) => logprobs.slice(from, to)),
      gradients: Object.fromEntries(parameters.map((name) => [name, outputs[gradientName(name)] as Values[string]])),
    };
  }

  async function fit(initial: Values, options: FitOptions): Promise<Fitted> {
    if (maskInputs.length) throw new Error("internal: masked trainables are evaluated, not fitted");
    const {
      optimiser,
      steps,
      schedule: course = { kind: "constant" },
      stopBelow = -Infinity,
      clamp,
      masks = {},
      anchors = {},
      signal: called,
      onStep,
    } = options;
    const shapes = new Map(parameters.map((name) => [name, initial[name].dims]));
    const bounds = { clamp, masked: Object.keys(masks), anchored: Object.keys(anchors) };
    const rule = boundedRule(optimiser, bounds);
    // The clamp itself is fed.
    const constants = { optimiser: constantsOf(optimiser), ...bounds, clamp: clamp !== undefined };
    const of = { ...key, shapes: [...shapes], ...constants };
    const still = Object.fromEntries(Object.entries(rule.still).map(([name, value]) => [`step:${name}`, value]));
    const slots = parameters.flatMap((name) => rule.slots.map((slot) => slotName(name, slot)));
    const make = async () => trainingGraph(await gradients, shapes, rule, {}, false);
    const finish = (rest: OnnxModel) =>
      // WebGPU has no loop of its own: it would hand every step's values to the CPU and back.
      parts.runtime.device.device === "cpu"
        ? manySteps(rest, {
            state: Object.fromEntries([...parameters, ...slots].map((name) => [name, nextName(name)])),
            numbers: still,
            loss: "loss",
          })
        : rest;
    const half = await prepared(JSON.stringify(of), () =>
      staged("steps of an edit", of, make, () => [...parameters, ...slots, ...Object.keys(still)], finish),
    );
    const state = parts.runtime.state();
    try {
      const empty = Object.fromEntries(
        parameters.flatMap((name) => rule.slots.map((slot) => [slotName(name, slot), initial[name].dims])),
      );
      const names = [...Object.keys(initial), ...Object.keys(empty)];
      const constant = Object.fromEntries([
        ...Object.entries(masks).map(([name, tensor]) => [maskName(name), tensor]),
        ...Object.entries(anchors).map(([name, tensor]) => [anchorName(name), tensor]),
      ]) as Values;
      await state.put({ ...initial, ...constant }, empty);
      const use = state.use(
        Object.fromEntries([...names, ...Object.keys(constant)].map((name) => [name, name])),
        Object.fromEntries(names.map((name) => [nextName(name), name])),
      );
      const losses: number[] = [];
      while (losses.length < steps && !(losses.at(-1)! < stopBelow)) {
        throwIfCancelled(called, `step ${losses.length + 1} of ${steps}`);
        const numbers = stepNumbers(rule, losses.length, steps, (step) => optimiser.lr * schedule(course, step));
        const made = await half.loop(feeds, use, { numbers, loss: "loss", stopBelow }, called);
        for (const loss of made) {
          // Whoever hears of a step may call the next one off, which was computed already.
          throwIfCancelled(called, `step ${losses.length + 1} of ${steps}`);
          parts.passes.forward++;
          parts.passes.backward++;
          requireFinite(loss, losses.length + 1, losses);
          losses.push(loss);
          onStep?.(losses.length, loss);
        }
      }
      const final = (await state.get(parameters)) as Values;
      requireFiniteValues(final, losses.length);
      return { values: final, losses };
    } finally {
      await state.dispose();
    }
  }

  return {
    batch,
    evaluate,
    fit,
    async release() {
      // One that failed has freed what it held.
      const ended = [...halves.values()].map((half) => half.then((made) => made.release()));
      halves.clear();
      await Promise.allSettled(ended);
    },
  };
}

const SCORES = ["loss", "logprobs"];

/** Up to so many tokens weights are packed once for all steps: with more rows to multiply, packing them at every step is a small part of it. */
const FEW_TOKENS = 256;

/** The first row that any shift acts on: all before it stay as they are. */
const firstShifted = (examples: readonly Example[], tokens: number) =>
  examples.flatMap(({ shifts = {} }) => Object.values(shifts)).reduce((first, row) => Math.min(first, row), tokens - 1);

/** More steps than a slice of a loop takes, of a fit that may have far more. */
const AHEAD = 1000;

/** What the next steps after the first `done` are fed, by input. */
function stepNumbers(rule: UpdateRule, done: number, steps: number, lr: (step: number) => number) {
  const length = Math.min(Math.ceil(steps - done), AHEAD);
  const fed = Array.from({ length }, (_, i) => rule.feeds(done + i + 1, lr(done + i)));
  return Object.fromEntries(Object.keys(fed[0]).map((name) => [`step:${name}`, fed.map((each) => each[name])]));
}

/** Settings that are written into the graph; the step size is fed. */
const constantsOf = ({ lr: _, ...rest }: OptimiserOptions) => rest;

function vocabularyOf({ decoder }: ModelParts): number {
  const head = decoder.sites.find(({ role }) => role === "lm_head");
  const last = decoder.base.outputs.find(({ name }) => name === "logits")?.shape.at(-1);
  const size = head?.out ?? last;
  if (typeof size === "number") return size;
  throw new Error("internal: the size of the vocabulary is not told by the graph");
}
