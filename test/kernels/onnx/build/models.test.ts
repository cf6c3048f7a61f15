import { readFileSync } from "node:fs";
import { expect } from "chai";
import { gelu, geluTanh, gpt, llama, mlp, patches, vit, GraphBuilder } from "../../../../kernels/onnx/build/index.ts";
import {
  crossEntropy,
  exampleFeeds,
  findSites,
  gradientGraph,
  lift,
  readModel,
  initializerMap,
  tensorOf,
  trace,
} from "../../../../kernels/onnx/index.ts";
import { squaredError } from "../../../../kernels/onnx/losses/squared-error.ts";
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import type { BuiltModel } from "../../../../kernels/onnx/build/index.ts";
import { float32, int64 } from "../../../../kernels/tensor.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";
import { asFloat64 } from "../as-float64.ts";
import { expectNear } from "../near.ts";
import { readSafetensors } from "../read-safetensors.ts";
import { openGraph, runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const positions = (batch: number, tokens: number) =>
  int64(Array.from({ length: batch * tokens }, (_, i) => i % tokens), [batch, tokens]); // prettier-ignore
const asDouble = (tensor: Tensor): Tensor =>
  tensor.type === "float32"
    ? { ...tensor, type: "float64", data: Float64Array.from(tensor.data as Float32Array) }
    : tensor;

const TINY = { vocabulary: 11, width: 8, layers: 2, heads: 2 };
const tokens = (batch: number, length: number) => ({
  input_ids: int64(Array.from({ length: batch * length }, (_, i) => (5 * i + 3) % 11), [batch, length]), // prettier-ignore
  attention_mask: int64(Array.from({ length: batch * length }, (_, i) => (i === length - 1 ? 0 : 1)), [batch, length]), // prettier-ignore
  position_ids: positions(batch, length),
});
const FAMILIES: Record<
  string,
  { built: BuiltModel; loss: (model: OnnxModel) => OnnxModel; feeds: Record<string, Tensor> }
> = {
  mlp: {
    built: mlp({ sizes: [3, 5, 2], activation: "silu" }),
    loss: squaredError,
    feeds: { x: seededValues("float32", [3, 3], 1, 1), targets: seededValues("float32", [3, 2], 1, 2) },
  },
  llama: { built: llama({ ...TINY, kvHeads: 1, inner: 12 }), loss: crossEntropy, feeds: tokens(2, 5) },
  "llama with a cache": {
    built: llama({ ...TINY, kvHeads: 1, inner: 12, cache: true }),
    loss: crossEntropy,
    feeds: {
      ...tokens(2, 5),
      attention_mask: int64([1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1], [2, 7]),
      ...Object.fromEntries(
        [0, 1].flatMap((layer) =>
          ["key", "value"].map((part, i) => [
            `past_key_values.${layer}.${part}`,
            seededValues("float32", [2, 1, 2, 4], 1, 60 + 2 * layer + i),
          ]),
        ),
      ),
    },
  },
  gpt: { built: gpt({ ...TINY, positions: 7 }), loss: crossEntropy, feeds: tokens(2, 5) },
  vit: {
    built: vit({ image: 4, patch: 2, width: 6, layers: 2, heads: 2, inner: 10 }),
    loss: (model) => squaredError(model, "last_hidden_state"),
    feeds: {
      pixel_values: seededValues("float32", [2, 3, 4, 4], 1, 3),
      targets: seededValues("float32", [2, 4, 6], 1, 4),
    },
  },
};

describe("built models", () => {
  it("an MLP computes what a hand computation gives", async () => {
    const weights = new Map([
      ["layers.0.weight", float32([1, -1, 2, 0.5, 1, -3], [2, 3])],
      ["layers.0.bias", float32([0.5, 0, -1], [3])],
      ["layers.1.weight", float32([1, 2, -1], [3, 1])],
      ["layers.1.bias", float32([0.25], [1])],
    ]);
    const { model } = mlp({ sizes: [2, 3, 1], activation: "relu" }, { weights });
    const { y } = await runGraph(model, { x: float32([1, 2, 3, -1], [2, 2]) });
    // Row 1: [1+1+.5, -1+2, 2-6-1] = [2.5, 1, -5], relu, 2.5 + 2 + .25. Row 2: [3-.5+.5, -3-1, 6+3-1] = [3, -4, 8], 3 - 8 + .25.
    expect([...(y.data as Float32Array)]).to.deep.equal([4.75, -4.75]);
  });

  it("show their roles to findSites", () => {
    expect(findSites(FAMILIES.llama.built.model).map((site) => site.id)).to.deep.equal([
      "embed_tokens",
      ...[0, 1].flatMap((layer) =>
        [
          "self_attn.q_proj",
          "self_attn.k_proj",
          "self_attn.v_proj",
          "self_attn.o_proj",
          "mlp.gate_proj",
          "mlp.up_proj",
          "mlp.down_proj",
          "output",
        ].map((role) => `layers.${layer}.${role}`),
      ),
      "lm_head",
    ]);
    expect(findSites(FAMILIES.gpt.built.model).filter((site) => site.kind === "projection")).to.have.length(9);
    expect(findSites(FAMILIES.vit.built.model).map((site) => site.role)).to.include.members([
      "mlp.fc1",
      "self_attn.q_proj",
    ]);
  });

  it("compute the GELU of the definition, exactly and with tanh", async () => {
    const g = new GraphBuilder();
    const x = g.input("x", "float32", ["n"]);
    g.output("exact", gelu(g, x));
    g.output("tanh", geluTanh(g, x));
    const xs = [-3, -1, -0.1, 0, 0.5, 2];
    const results = await runGraph(g.finish().model, { x: float32(xs, [6]) });
    // Φ(x) by the trapezoid rule from -9, where it vanishes.
    const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
    const cumulative = (to: number) => {
      const step = (to + 9) / 20000;
      return (
        step *
        Array.from({ length: 20001 }, (_, i) => density(i * step - 9) * (i % 20000 ? 1 : 0.5)).reduce((a, b) => a + b)
      );
    };
    const inner = (v: number) => Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3);
    expectNear(results.exact.data, xs.map((v) => v * cumulative(v)), "float32", "exact"); // prettier-ignore
    expectNear(results.tanh.data, xs.map((v) => 0.5 * v * (1 + Math.tanh(inner(v)))), "float32", "tanh"); // prettier-ignore
  });

  it("cut images into patches in the order of a convolution kernel", async () => {
    const g = new GraphBuilder();
    g.output("rows", patches(g, g.input("x", "float32", ["n", 1, 2, 4]), 2));
    const { rows } = await runGraph(g.finish().model, { x: float32([0, 1, 2, 3, 4, 5, 6, 7], [1, 1, 2, 4]) });
    expect([...(rows.data as Float32Array)]).to.deep.equal([0, 1, 4, 5, 2, 3, 6, 7]);
  });

  for (const [family, { built, loss, feeds }] of Object.entries(FAMILIES))
    it(`${family}: the gradient of every parameter equals a central difference in float64`, async () => {
      const names = [...built.parameters.keys()];
      const model = asFloat64(lift(loss(built.model), names));
      const sizes = { batch_size: 2, sequence_length: 3, past_sequence_length: 4 };
      const backward = gradientGraph(model, {
        loss: "loss",
        targets: names,
        trace: await trace(model, exampleFeeds(model, sizes), runGraph),
      });
      const weighted = loss === crossEntropy ? feeds.input_ids.dims : feeds.targets.dims.slice(0, -1);
      const all: Record<string, Tensor> = {
        ...feeds,
        ...Object.fromEntries(built.parameters),
        loss_weights: seededValues("float32", weighted, 1, 9),
        ...(loss === crossEntropy && { labels: feeds.input_ids }),
      };
      const doubles = Object.fromEntries(Object.entries(all).map(([name, tensor]) => [name, asDouble(tensor)]));
      const graph = await openGraph(backward);
      try {
        const gradients = await graph.run(doubles);
        for (const [i, name] of names.entries()) {
          const gradient = gradients[`grad:${name}`].data as Float64Array;
          const random = seededValues("float64", [gradient.length], 1, 50 + i).data as Float64Array;
          const norm = Math.hypot(...gradient) || 1;
          const direction = gradient.map((g, k) => g / norm + random[k] / 10);
          const at = async (step: number) => {
            const data = (doubles[name].data as Float64Array).map((value, k) => value + step * direction[k]);
            return (await graph.run({ ...doubles, [name]: { ...doubles[name], data } }, ["loss"])).loss
              .data[0] as number;
          };
          const slope = ((await at(1e-5)) - (await at(-1e-5))) / 2e-5;
          const predicted = gradient.reduce((sum, g, k) => sum + g * direction[k], 0);
          // A bias of all keys cancels in the softmax: slope and gradient are both zero but for rounding.
          expectNear([predicted], [slope], "model", name, Math.max(Math.abs(slope), 1e-3));
        }
      } finally {
        await graph.release();
      }
    });
});

describeWithShared("a built Llama with the weights of an exported one", ["models/tiny-families/llama"], () => {
  const file = (name: string) => shared("models/tiny-families/llama", name);
  it("gives the reference logits of all cases to 2e-5", async () => {
    const config = JSON.parse(readFileSync(file("config.json"), "utf8"));
    const notes = JSON.parse(readFileSync(file("meta.json"), "utf8")).files["model.onnx"];
    const exported = initializerMap(readModel(readFileSync(file("model.onnx")), "model.onnx"));
    const weights = new Map<string, Tensor>();
    for (const [initialiser, [{ parameter }]] of Object.entries<[{ parameter: string }]>(notes.initializers))
      weights.set(parameter, tensorOf(exported.get(initialiser)!));
    const { model } = llama(
      {
        vocabulary: config.vocab_size,
        width: config.hidden_size,
        layers: config.num_hidden_layers,
        heads: config.num_attention_heads,
        kvHeads: config.num_key_value_heads,
        headSize: config.head_dim,
        inner: config.intermediate_size,
        rotaryBase: config.rope_parameters.rope_theta,
        epsilon: config.rms_norm_eps,
      },
      { weights },
    );
    const inputs = readSafetensors(file("inputs.safetensors"));
    const reference = readSafetensors(file("reference.safetensors"));
    for (const name of notes.cases as string[]) {
      const feeds = Object.fromEntries(
        ["input_ids", "attention_mask", "position_ids"].map((input) => [input, inputs.get(`${name}/${input}`)!]),
      );
      const { logits } = await runGraph(model, feeds);
      const wanted = reference.get(`${name}/output/logits`)!;
      expect(logits.dims).to.deep.equal(wanted.dims);
      const worst = (logits.data as Float32Array).reduce(
        (max, value, i) => Math.max(max, Math.abs(value - (wanted.data as Float32Array)[i])),
        0,
      );
      expect(worst, name).to.be.below(2e-5);
    }
  });
});
