import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  exampleFeeds,
  gradientGraph,
  override,
  overrideNames,
  readModel,
  softPrompt,
  SurgeryError,
  trace,
  UnknownGraphNameError,
} from "../../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { float32, int64 } from "../../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";
import { expectNear } from "../near.ts";
import { projectionModel } from "../projection-model.ts";
import { openGraph, runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const DECODER = "models/vqarad-tiny-vlm/onnx/decoder_model_merged.onnx";
const values = (tensor: Tensor) => Array.from(tensor.data as Float32Array);

/** A prompt of `tokens` rows, the first `soft` of which are the soft prompt's. */
function prompt(model: OnnxModel, rows: Tensor<Float32Array>, soft?: number): Record<string, Tensor> {
  const [batch, tokens, features] = rows.dims;
  const cut = soft ?? 0;
  const part = (from: number, to: number) =>
    float32(
      Float32Array.from({ length: batch * (to - from) * features }, (_, i) => {
        const [row, rest] = [Math.floor(i / ((to - from) * features)), i % ((to - from) * features)];
        return rows.data[(row * tokens + from) * features + rest];
      }),
      [batch, to - from, features],
    );
  return exampleFeeds(
    model,
    {
      batch_size: batch,
      sequence_length: tokens - cut,
      soft_prompt_length: cut,
      past_sequence_length: 0,
      total_sequence_length: tokens,
    },
    {
      inputs_embeds: part(cut, tokens),
      ...(soft !== undefined && { soft_prompt: part(0, cut) }),
      position_ids: int64(Array.from({ length: batch * tokens }, (_, i) => i % tokens), [batch, tokens]), // prettier-ignore
    },
  );
}

describe("soft prompts", () => {
  it("need an input of embeddings, by name and by shape", () => {
    const { model } = projectionModel();
    expect(() => softPrompt(model)).to.throw(UnknownGraphNameError, 'the graph has no input "inputs_embeds"');
    expect(() => softPrompt(model, "x")).to.throw(SurgeryError, 'input "x": it is not declared as');
  });
});

describeWithShared("the vqarad decoder with a soft prompt and overridden states", [DECODER], () => {
  let base: OnnxModel;
  before(() => {
    base = readModel(readFileSync(shared(DECODER)), DECODER);
  });
  const rows = seededValues("float32", [2, 7, 128], 0.3, 11) as Tensor<Float32Array>;
  const logits = async (model: OnnxModel, feeds: Record<string, Tensor>, optimised = false) => {
    const graph = await openGraph(model, { graphOptimizationLevel: optimised ? "all" : "disabled" });
    try {
      return values((await graph.run(feeds, ["logits"])).logits);
    } finally {
      await graph.release();
    }
  };

  for (const optimised of [false, true]) {
    it(`0 rows and any number of rows give the logits of the joined sequence bit for bit, optimisation ${optimised ? "on" : "off"}`, async () => {
      const edited = softPrompt(base);
      const wanted = await logits(base, prompt(base, rows), optimised);
      for (const soft of [0, 3])
        expect(await logits(edited, prompt(edited, rows, soft), optimised)).to.deep.equal(wanted);
    });

    it(`an empty mask over the first layer's output gives the base logits bit for bit, optimisation ${optimised ? "on" : "off"}`, async () => {
      const state = hiddenState(base);
      const edited = override(base, state, { dims: ["batch_size", "sequence_length", 128] });
      const { mask, values: replacement } = overrideNames(state);
      const feeds = {
        ...prompt(base, rows),
        [mask]: { type: "bool", dims: [2, 7], data: new Uint8Array(14) } as Tensor,
        [replacement]: seededValues("float32", [2, 7, 128], 1, 3),
      };
      expect(await logits(edited, feeds, optimised)).to.deep.equal(await logits(base, prompt(base, rows), optimised));
      feeds[mask] = { type: "bool", dims: [2, 7], data: new Uint8Array(14).fill(1, 13) };
      const changed = await logits(edited, feeds, optimised);
      const before = await logits(base, prompt(base, rows), optimised);
      // The last token of the second prompt is overridden: nothing attends to it, so its own logits alone change.
      const vocabulary = before.length / 14;
      expect(changed.slice(0, 13 * vocabulary)).to.deep.equal(before.slice(0, 13 * vocabulary));
      expect(changed.slice(13 * vocabulary)).to.not.deep.equal(before.slice(13 * vocabulary));
    });
  }

  it("the gradient of the prompt is that of the joined rows", async () => {
    const edited = softPrompt(base);
    const gradients = async (model: OnnxModel, targets: string[], soft?: number) => {
      const sizes = { batch_size: 2, sequence_length: 3, soft_prompt_length: 2, past_sequence_length: 2 };
      const total = soft === undefined ? 5 : 7;
      const example = exampleFeeds(model, { ...sizes, total_sequence_length: total });
      const backward = gradientGraph(model, {
        outputs: ["logits"],
        targets,
        trace: await trace(model, example, runGraph),
      });
      const cotangent = seededValues("float32", [2, 7, 2048], 1, 5);
      return runGraph(backward, { ...prompt(model, rows, soft), "cotangent:logits": cotangent });
    };
    const whole = values((await gradients(base, ["inputs_embeds"]))["grad:inputs_embeds"]);
    const parts = await gradients(edited, ["soft_prompt", "inputs_embeds"], 3);
    const expectPart = (got: Tensor, from: number, to: number) => {
      const wanted = [0, 1].flatMap((b) => whole.slice((b * 7 + from) * 128, (b * 7 + to) * 128));
      expectNear(got.data, wanted, "float32", `rows ${from} to ${to}`);
    };
    expectPart(parts["grad:soft_prompt"], 0, 3);
    expectPart(parts["grad:inputs_embeds"], 3, 7);
  });
});

/** The residual stream after the first layer: what the second layer's first norm reads. */
function hiddenState(model: OnnxModel): string {
  const norms = model.graph.node.filter((node) => node.opType === "Pow");
  return norms[2].input[0];
}
