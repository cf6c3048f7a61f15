import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect } from "chai";
import {
  crossEntropy,
  exampleFeeds,
  findSites,
  gradientGraph,
  gradientName,
  lower,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  mlpActivation,
  neuronNames,
  neurons,
  prune,
  readModel,
  sideInput,
  SurgeryError,
  tap,
  trace,
} from "../../../../kernels/onnx/index.ts";
import type { OnnxModel, Site } from "../../../../kernels/onnx/index.ts";
import { erf } from "../../../../kernels/onnx/gradients/erf-value.ts";
import { withGraph } from "../../../../kernels/onnx/graph.ts";
import { freshNames } from "../../../../kernels/onnx/values.ts";
import { float32, int64, type Tensor } from "../../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";
import { asFloat64 } from "../as-float64.ts";
import { expectNear } from "../near.ts";
import { phantomDecoder, phantomFeeds } from "../phantom-decoder.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

type Curve = (x: number) => number;
const sigmoid: Curve = (x) => 1 / (1 + Math.exp(-x));
const tanhForm: Curve = (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
/** By the names that configurations of Hugging Face give. */
const CURVES: Record<string, Curve> = {
  silu: (x) => x * sigmoid(x),
  relu: (x) => Math.max(x, 0),
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  gelu_new: tanhForm,
  gelu_pytorch_tanh: tanhForm,
  quick_gelu: (x) => x * sigmoid(1.702 * x),
};

const FAMILIES = ["bert", "clip-vision", "gemma2", "gemma3-text", "gpt2", "llama", "opt", "qwen2", "qwen3", "roberta", "siglip-vision", "vit"]; // prettier-ignore
const DECODERS = ["gemma2", "gemma3-text", "gpt2", "llama", "opt", "qwen2", "qwen3"];
const FUSED = ["bert", "clip-vision", "gemma2", "llama", "siglip-vision"];
const file = (family: string, name = "model.onnx") => `models/tiny-families/${family}/${name}`;

const numbers = ({ data }: Tensor) => Array.from(data as Float32Array);
const POINTS = [-6, -2.7, -1.3, -0.6, -0.1, 0, 0.2, 0.9, 1.6, 3.1, 5.5];

/** A layer's activation at some numbers: the copied nodes alone, behind an input. */
async function curveOf(model: OnnxModel, layer: number): Promise<number[]> {
  const { nodes, output } = mlpActivation(model, layer)("probe", freshNames(model));
  const probe = makeValueInfo("probe", "float32", ["n", 1]);
  const alone = prune(
    withGraph(model, { node: [...model.graph.node, ...nodes], input: [probe], output: [makeValueInfo(output)] }),
  );
  return numbers((await runGraph(alone, { probe: float32(Float32Array.from(POINTS), [POINTS.length, 1]) }))[output]);
}

const FIRST = /mlp\.(gate_proj|fc1|c_fc)$/;
const LAST = /mlp\.(down_proj|fc2|c_proj)$/;
function endsOf(model: OnnxModel, layer: number): { up: Site; down: Site } {
  const sites = findSites(model).filter((site) => site.layer === layer);
  return { up: sites.find(({ id }) => FIRST.test(id))!, down: sites.find(({ id }) => LAST.test(id))! };
}

const given = (up: Site, down: Site, n: number, zero = false): Record<string, Tensor> => {
  const { keys, bias, values } = neuronNames(down.id);
  return {
    [keys]: seededValues("float32", [up.in, n], 0.5, 1),
    [bias]: seededValues("float32", [n], 1, 2),
    [values]: seededValues("float32", [n, down.out], zero ? 0 : 1, 3),
  };
};

/** Checks the change that two neurons make at the last projection, row by row, against their formula. */
async function expectFormula(model: OnnxModel, layer: number, curve: Curve, feeds: Record<string, Tensor>) {
  const { up, down } = endsOf(model, layer);
  const names = neuronNames(down.id);
  const before = await runGraph(tap(model, [up.input, down.output]), feeds);
  const added = given(up, down, 2);
  const after = await runGraph(tap(neurons(model, up, down), [down.output]), { ...feeds, ...added });
  const [x, y] = [numbers(before[up.input]), numbers(before[down.output])];
  const [K, b, V] = [names.keys, names.bias, names.values].map((name) => numbers(added[name]));
  const wanted = y.map((value, i) => {
    const [row, column] = [Math.floor(i / down.out), i % down.out];
    const terms = [0, 1].map((j) => {
      const key = Array.from({ length: up.in }, (_, k) => x[row * up.in + k] * K[2 * k + j]);
      return curve(key.reduce((sum, term) => sum + term, b[j])) * V[j * down.out + column];
    });
    return value + terms[0] + terms[1];
  });
  expectNear(after[down.output].data, wanted, "logits", down.id);
  expect(numbers(after.logits)).to.not.deep.equal(numbers(before.logits));
}

describe("neurons added to an MLP", () => {
  const base = phantomDecoder();
  const feeds = phantomFeeds(base, [2, 5]);

  it("of the phantom follow their formula with its SwiGLU's own activation", async () => {
    expectNear(await curveOf(base, 4), POINTS.map(CURVES.silu), "logits", "activation");
    await expectFormula(base, 4, CURVES.silu, feeds);
  });

  for (const n of [0, 3])
    it(`change nothing with ${n ? "values of zeros" : "no neurons"}`, async () => {
      const { up, down } = endsOf(base, 2);
      const wanted = await runGraph(base, feeds);
      const found = await runGraph(neurons(base, up, down), { ...feeds, ...given(up, down, n, true) });
      for (const name of Object.keys(wanted)) expect(numbers(found[name]), name).to.deep.equal(numbers(wanted[name]));
    });

  it("have gradients that equal central differences in float64", async () => {
    const wide = asFloat64(base);
    const { up, down } = endsOf(wide, 3);
    const model = crossEntropy(neurons(wide, up, down));
    const targets = Object.values(neuronNames(down.id));
    const sizes = { [`neurons:${down.id}`]: 2, past_sequence_length: 2 };
    const traced = await trace(model, phantomFeeds(model, [2, 3], "float64", sizes), runGraph);
    const at = phantomFeeds(model, [2, 4], "float64", { neurons: 3 });
    targets.forEach((name, i) => (at[name] = seededValues("float64", at[name].dims, 0.3, 50 + i)));
    const found = await runGraph(gradientGraph(model, { loss: "loss", targets, trace: traced }), at);
    for (const name of targets) {
      const gradient = Array.from(found[gradientName(name)].data as Float64Array);
      // About as long as 1, so that the step of 1e-4 is one.
      const direction = seededValues("float64", [gradient.length], Math.sqrt(3 / gradient.length), 7).data as Float64Array; // prettier-ignore
      const loss = async (step: number) => {
        const data = (at[name].data as Float64Array).map((value, i) => value + step * direction[i]);
        return (await runGraph(model, { ...at, [name]: { ...at[name], data } as Tensor })).loss.data[0] as number;
      };
      const slope = ((await loss(1e-4)) - (await loss(-1e-4))) / 2e-4;
      const wanted = gradient.reduce((sum, value, i) => sum + value * direction[i], 0);
      expectNear([wanted], [slope], "model", name);
    }
  });

  it("stand beside others under other names, and beside a side input of the gate", async () => {
    const { up, down } = endsOf(base, 2);
    const more = { keys: "new:K", bias: "new:b", values: "new:V" };
    const edited = neurons(neurons(sideInput(base, up), up, down), up, down, more);
    const one = given(up, down, 1);
    const names = neuronNames(down.id);
    const rank0 = { "side:layers.2.mlp.gate_proj:A": [up.in, 0], "side:layers.2.mlp.gate_proj:B": [0, up.out] };
    const none = Object.fromEntries(Object.entries(rank0).map(([name, dims]) => [name, float32(new Float32Array(0), dims)])); // prettier-ignore
    const twice = await runGraph(edited, {
      ...{ ...feeds, ...none, ...one },
      ...{ [more.keys]: one[names.keys], [more.bias]: one[names.bias], [more.values]: one[names.values] },
    });
    const doubled = numbers(one[names.values]).map((value) => 2 * value);
    const once = await runGraph(neurons(base, up, down), {
      ...{ ...feeds, ...one },
      [names.values]: float32(Float32Array.from(doubled), [1, down.out]),
    });
    expectNear(twice.logits.data, once.logits.data, "logits", "two of one are one of twice the value");
  });

  it("are refused twice, across layers, and where the activation cannot be read", () => {
    const { up, down } = endsOf(base, 2);
    expect(() => neurons(neurons(base, up, down), up, down)).to.throw(
      SurgeryError,
      '"neurons:layers.2.mlp.down_proj:K"',
    );
    expect(() => neurons(base, endsOf(base, 1).up, down)).to.throw(SurgeryError, "are of two layers");
    expect(() => mlpActivation(base, 9)).to.throw(SurgeryError, "layer 9: no MLP with one last projection was found");
  });

  /** x·W1 + b, something, ·W2. */
  const small = (between: ReturnType<typeof makeNode>[]) =>
    makeModel({
      nodes: [
        makeNode("MatMul", ["x", "W1"], ["h"], {}, "/layers.0/mlp/fc1/MatMul"),
        ...between,
        makeNode("MatMul", ["z", "W2"], ["y"], {}, "/layers.0/mlp/fc2/MatMul"),
      ],
      inputs: [makeValueInfo("x", "float32", ["n", 3])],
      outputs: [makeValueInfo("y", "float32", ["n", 2])],
      initializers: [
        makeTensor("W1", seededValues("float32", [3, 4], 1, 1)),
        makeTensor("W2", seededValues("float32", [4, 2], 1, 2)),
        makeTensor("b", seededValues("float32", [4], 1, 3)),
        makeTensor("two", float32([2], [])),
        makeTensor("one", int64([1], [1])),
      ],
    });

  it("take an activation with the constants it is computed from, and none as none", async () => {
    const cast = [
      makeNode("Add", ["b", "h"], ["hb"]),
      makeNode("Cast", ["one"], ["oneFloat"], { to: 1 }),
      makeNode("Mul", ["hb", "two"], ["doubled"]),
      makeNode("Sub", ["doubled", "oneFloat"], ["shifted"]),
      makeNode("Tanh", ["shifted"], ["z"]),
    ];
    expectNear(await curveOf(small(cast), 0), POINTS.map((x) => Math.tanh(2 * x - 1)), "logits", "tanh(2x - 1)"); // prettier-ignore
    const linear = small([makeNode("Add", ["h", "b"], ["z"])]);
    expect(mlpActivation(linear, 0)("value", (wish) => wish)).to.deep.equal({ nodes: [], output: "value" });
  });

  for (const first of [true, false])
    it(`take that of the activated half where gate and factor are one projection, the ${first ? "first" : "second"}`, async () => {
      const halves = first ? ["gate", "factor"] : ["factor", "gate"];
      const packed = makeModel({
        nodes: [
          makeNode("MatMul", ["x", "W1"], ["both"], {}, "/layers.0/mlp/gate_up_proj/MatMul"),
          makeNode("Split", ["both"], halves, { axis: -1 }),
          makeNode("Sigmoid", ["gate"], ["open"]),
          makeNode("Mul", ["open", "gate"], ["silu"]),
          makeNode("Mul", ["factor", "silu"], ["z"]),
          makeNode("MatMul", ["z", "W2"], ["y"], {}, "/layers.0/mlp/down_proj/MatMul"),
        ],
        inputs: [makeValueInfo("x", "float32", ["n", 3])],
        outputs: [makeValueInfo("y", "float32", ["n", 2])],
        initializers: [
          makeTensor("W1", seededValues("float32", [3, 8], 1, 1)),
          makeTensor("W2", seededValues("float32", [4, 2], 1, 2)),
        ],
      });
      expectNear(await curveOf(packed, 0), POINTS.map(CURVES.silu), "logits", "silu");
    });

  it("refuse what is not one function of one number", () => {
    const scaled = small([makeNode("Tanh", ["h"], ["t"]), makeNode("Mul", ["t", "b"], ["z"], {}, "scale")]);
    expect(() => mlpActivation(scaled, 0)).to.throw(SurgeryError, 'node "scale" (Mul): it is no step of an activation');
    const mixed = small([makeNode("Softmax", ["h"], ["z"], { axis: -1 }, "mix")]);
    expect(() => mlpActivation(mixed, 0)).to.throw(SurgeryError, 'node "mix" (Softmax)');
  });
});

describeWithShared("activations of families of models", [...FAMILIES.map((family) => file(family)), ...FUSED.map((family) => file(family, "model_fused.onnx"))], () => {
  const read = (path: string) => readModel(readFileSync(shared(path)), path);
  const named = (path: string): Curve => {
    const config = JSON.parse(readFileSync(shared(dirname(path), "config.json"), "utf8")) as Record<string, string>;
    return CURVES[config.hidden_activation ?? config.hidden_act ?? config.activation_function];
  };

  for (const [family, name] of [...FAMILIES.map((each) => [each, "model.onnx"]), ...FUSED.map((each) => [each, "model_fused.onnx"])])
    it(`are those of the configuration in ${family}/${name}`, async () => {
      const model = read(file(family, name));
      const lowered = name === "model.onnx" ? model : lower(model);
      const wanted = POINTS.map(named(file(family)));
      for (const layer of [0, 1]) expectNear(await curveOf(lowered, layer), wanted, "familyOutput", `layer ${layer}`);
    });

  for (const family of DECODERS)
    it(`act in neurons added to ${family}`, async () => {
      const model = read(file(family));
      const feeds = exampleFeeds(model, { batch: 2, batch_size: 2, sequence: 4, sequence_length: 4 });
      feeds.input_ids = int64([1, 5, 9, 2, 14, 3, 3, 8], [2, 4]);
      await expectFormula(model, 1, named(file(family)), feeds);
    });
}); // prettier-ignore
