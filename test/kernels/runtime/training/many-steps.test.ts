import { expect } from "chai";
import { mlp } from "../../../../kernels/onnx/build/index.ts";
import {
  exampleShapes,
  gradientGraph,
  learnTrace,
  lift,
  lower,
  makeModel,
  makeNode,
  makeValueInfo,
  writeModel,
} from "../../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import { shallowCopy, withGraph } from "../../../../kernels/onnx/graph.ts";
import { squaredError } from "../../../../kernels/onnx/losses/squared-error.ts";
import type { OptimiserOptions } from "../../../../kernels/runtime/optimisers/optimiser.ts";
import { Runtime } from "../../../../kernels/runtime/runtime.ts";
import { boundedRule } from "../../../../kernels/runtime/training/bounded-rule.ts";
import { manySteps } from "../../../../kernels/runtime/training/many-steps.ts";
import { nextName, slotName, trainingGraph } from "../../../../kernels/runtime/training/training-graph.ts";
import { varyingSizes } from "../../../../kernels/runtime/training/varying-sizes.ts";
import { float32, type Tensor, zeros } from "../../../../kernels/tensor.ts";
import { seededValues } from "../../onnx/seeded-values.ts";

const STEPS = 8;

describe("many steps in one graph", () => {
  let runtime: Runtime;
  before(async () => {
    runtime = await Runtime.start("cpu");
  });
  after(() => runtime.dispose());

  /** Takes steps as a fit does, slice by slice: the losses, and the state afterwards. */
  async function taken(
    model: OnnxModel,
    given: Record<string, Tensor>,
    start: Record<string, Tensor>,
    next: Record<string, string>,
    rule: { numbers: Record<string, number[]>; loss: string; stopBelow: number },
  ) {
    await using session = await runtime.open(writeModel(model), "steps");
    const state = runtime.state();
    await state.put(start);
    const use = state.use(
      Object.fromEntries(Object.keys(start).map((name) => [name, name])),
      Object.fromEntries(Object.entries(next).map(([name, output]) => [output, name])),
    );
    const losses: number[] = [];
    const goesOn = () => losses.length === 0 || (losses.at(-1)! >= rule.stopBelow && losses.at(-1)! < Infinity);
    while (losses.length < STEPS && goesOn()) {
      const left = Object.entries(rule.numbers).map(([name, values]) => [name, values.slice(losses.length)]);
      losses.push(...(await session.loop(given, { ...use, ...rule, numbers: Object.fromEntries(left) as Record<string, number[]> }))); // prettier-ignore
    }
    const values = await state.get();
    await state.dispose();
    return { losses, values };
  }

  /** w becomes w + rate x; the loss is the logarithm of the sum of w. Of any number of weights. */
  const logarithm = () =>
    makeModel({
      nodes: [
        makeNode("ReduceSum", ["w"], ["sum"], { keepdims: 0 }, "sum"),
        makeNode("Log", ["sum"], ["loss"], {}, "log"),
        makeNode("Mul", ["x", "rate"], ["change"], {}, "change"),
        makeNode("Add", ["w", "change"], ["next"], {}, "next"),
      ],
      inputs: [
        makeValueInfo("w", "float32", ["n"]),
        makeValueInfo("x", "float32", ["n"]),
        makeValueInfo("rate", "float32", []),
      ],
      outputs: [makeValueInfo("next", "float32", ["n"]), makeValueInfo("loss", "float32", [])],
    });

  it("are as many as fit into a slice of the fit at hand, whatever the one before took", async () => {
    const model = manySteps(logarithm(), { state: { w: "next" }, numbers: { rate: 0 }, loss: "loss" });
    await using session = await runtime.open(writeModel(model), "steps");
    const made = async (count: number) => {
      const state = runtime.state();
      const ones = float32(new Float32Array(count).fill(1), [count]);
      await state.put({ w: ones });
      const rule = { numbers: { rate: Array<number>(1000).fill(0) }, loss: "loss", stopBelow: -Infinity };
      const losses = await session.loop({ x: ones }, { ...state.use({ w: "w" }, { next: "w" }), ...rule });
      await state.dispose();
      return losses.length;
    };
    await made(3);
    // A step moves 60 MB.
    expect(await made(4e6)).to.be.lessThan(500);
  });

  for (const [what, named] of [
    ["named", true],
    ["nameless", false],
  ] as const)
    it(`of ${what} nodes end with a loss that is no number, and keep the weights that gave it`, async () => {
      const step = logarithm();
      const node = step.graph.node.map((each) => (named ? each : shallowCopy(each, { name: "" })));
      const options = { state: { w: "next" }, numbers: { rate: 0 }, loss: "loss" };
      const rule = { numbers: { rate: Array<number>(STEPS).fill(-1) }, loss: "loss", stopBelow: -Infinity };
      const start = { w: float32([1, 2, 3], [3]) };
      for (const model of [step, manySteps(withGraph(step, { node }), options)]) {
        const { losses, values } = await taken(model, { x: float32([5, 0, 0], [3]) }, start, { w: "next" }, rule);
        expect(losses.map((loss) => loss.toFixed(3))).to.deep.equal(["1.792", "0.000", "NaN"]);
        expect([...(values.w.data as Float32Array)]).to.deep.equal([-9, 2, 3]);
      }
    });

  const parts = mlp({ sizes: [1, 1] }, { seed: 3 });
  const names = [...parts.parameters.keys()];
  const shapes = new Map(names.map((name) => [name, parts.parameters.get(name)!.dims]));
  const gradients = async () => {
    const lifted = lower(lift(squaredError(parts.model), names), { targets: names });
    const examples = exampleShapes(lifted, varyingSizes(lifted));
    const trace = await learnTrace(lifted, examples, (...call) => runtime.runOnce(...call));
    return gradientGraph(lifted, { loss: "loss", targets: names, trace });
  };
  const feeds = {
    x: seededValues("float32", [4, 1], 2, 1),
    targets: seededValues("float32", [4, 1], 2, 2),
    loss_weights: float32(new Float32Array(4).fill(0.25), [4]),
  };
  for (const [optimiser, clamp] of [
    [{ kind: "sgd", lr: 0.05, momentum: 0.9 }, undefined],
    [{ kind: "adam", lr: 0.05 }, 10],
    [{ kind: "adamw", lr: 0.05, weightDecay: 0.1 }, undefined],
    // Less than the weights that training starts from.
    [{ kind: "adamw", lr: 0.05, weightDecay: 0.1 }, 0.01],
  ] as [OptimiserOptions, number | undefined][])
    it(`are those of ${optimiser.kind}${clamp === undefined ? "" : `, cut at ${clamp}`}, taken one by one; of the last one the weights stay as they are`, async () => {
      const rule = boundedRule(optimiser, { clamp, masked: [], anchored: [] });
      const step = trainingGraph(await gradients(), shapes, rule, {}, false);
      const slots = names.flatMap((name) => rule.slots.map((slot) => slotName(name, slot)));
      const next = Object.fromEntries([...names, ...slots].map((name) => [name, nextName(name)]));
      const still = Object.fromEntries(Object.entries(rule.still).map(([name, value]) => [`step:${name}`, value]));
      const many = manySteps(step, { state: next, numbers: still, loss: "loss" });
      const fed = Array.from({ length: STEPS }, (_, i) => rule.feeds(i + 1, optimiser.lr / (i + 1)));
      const numbers = Object.fromEntries(Object.keys(still).map((name) => [name, fed.map((each) => each[name.slice("step:".length)])])); // prettier-ignore
      const start: Record<string, Tensor> = Object.fromEntries([
        ...names.map((name) => [name, parts.parameters.get(name)!]),
        ...names.flatMap((name) => rule.slots.map((slot) => [slotName(name, slot), zeros(shapes.get(name)!)])),
      ]);
      const all = await taken(step, feeds, start, next, { numbers, loss: "loss", stopBelow: -Infinity });
      expect(all.losses).to.have.length(STEPS);
      // At the first step, in the middle, never.
      for (const stopBelow of [Infinity, (all.losses[3] + all.losses[4]) / 2, -Infinity]) {
        const rule = { numbers, loss: "loss", stopBelow };
        const [one, together] = [
          await taken(step, feeds, start, next, rule),
          await taken(many, feeds, start, next, rule),
        ];
        expect(together.losses.length).to.equal(one.losses.length);
        together.losses.forEach((loss, i) => expect(loss).to.be.closeTo(one.losses[i], 1e-6));
        for (const name of names)
          together.values[name].data.forEach((value, i) =>
            expect(Number(value), `${name} at ${stopBelow}`).to.be.closeTo(Number(one.values[name].data[i]), 1e-6),
          );
      }
    });
});
