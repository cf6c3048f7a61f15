import { expect } from "chai";
import { llama, tokenEmbeddings, vit } from "../../../../kernels/onnx/build/index.ts";
import { declared, feedInputs } from "../../../../kernels/onnx/values.ts";
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import { float32, int64, type Tensor } from "../../../../kernels/tensor.ts";
import { expectNear } from "../near.ts";
import { openGraph, runGraph, type OpenGraph } from "../run-graph.ts";

const CONFIG = { vocabulary: 13, width: 16, layers: 2, heads: 4, inner: 20 };
const CACHES = ["0.key", "0.value", "1.key", "1.value"];
const shapes = (values: OnnxModel["graph"]["input"]) =>
  Object.fromEntries(values.map((value) => [value.name, declared(value).dims]));

for (const kvHeads of [4, 2])
  describe(`a built decoder of embeddings with a cache, ${kvHeads} key heads`, () => {
    const headSize = 4;
    const built = llama({ ...CONFIG, kvHeads, inputs: "embeds", cache: true }, { seed: 5 });
    const table = tokenEmbeddings(CONFIG, { seed: 5 });
    const plain = llama({ ...CONFIG, kvHeads }, { seed: 5 });
    let decoder: OpenGraph;
    before(async () => {
      // Random weights of the usual size give logits near zero, in which a wrong mask would hardly show.
      for (const { parameters } of [built, table, plain])
        for (const { data, dims } of parameters.values()) if (dims.length > 1) data.set(data.map((v) => 8 * v));
      decoder = await openGraph(built.model);
    });
    after(() => decoder.release());

    const ids = [3, 1, 4, 1, 5, 9, 2, 6];
    const embed = async (rows: number[][]) =>
      (await runGraph(table.model, { input_ids: int64(rows.flat(), [rows.length, rows[0].length]) })).inputs_embeds;
    const noCache = (batch: number) =>
      Object.fromEntries(CACHES.map((name) => [`past_key_values.${name}`, float32([], [batch, kvHeads, 0, headSize])]));
    const handedOn = (outputs: Record<string, Tensor>) =>
      Object.fromEntries(CACHES.map((name) => [`past_key_values.${name}`, outputs[`present.${name}`]]));
    const ones = (length: number) => Array<number>(length).fill(1);
    const whole = async (row: number[]) =>
      (
        await decoder.run({
          inputs_embeds: await embed([row]),
          attention_mask: int64(ones(row.length), [1, row.length]),
          position_ids: int64([...row.keys()], [1, row.length]),
          ...noCache(1),
        })
      ).logits.data as Float32Array;

    it("has the parameters of the plain form, but for the table, and gives its logits", async () => {
      const names = [...built.parameters.keys()];
      expect([...table.parameters.keys(), ...names]).to.deep.equal([...plain.parameters.keys()]);
      for (const name of names)
        expect(built.parameters.get(name)!.data, name).to.deep.equal(plain.parameters.get(name)!.data);
      const { logits } = await runGraph(plain.model, {
        input_ids: int64(ids, [1, 8]),
        attention_mask: int64(ones(8), [1, 8]),
        position_ids: int64([...ids.keys()], [1, 8]),
      });
      expectNear(await whole(ids), logits.data, "logits", "logits");
    });

    it("gives token by token from its cache the logits of the whole sequence", async () => {
      const wanted = await whole(ids);
      let cache: Record<string, Tensor> = noCache(1);
      // A prompt of three tokens at once, then single ones.
      for (const [from, to] of [
        [0, 3],
        [3, 4],
        [4, 5],
        [5, 6],
        [6, 7],
        [7, 8],
      ]) {
        // prettier-ignore
        const places = [...ids.keys()].slice(from, to);
        const outputs = await decoder.run({
          inputs_embeds: await embed([ids.slice(from, to)]),
          attention_mask: int64(ones(to), [1, to]),
          position_ids: int64(places, [1, to - from]),
          ...cache,
        });
        expect(outputs["present.1.value"].dims).to.deep.equal([1, kvHeads, to, headSize]);
        expectNear(outputs.logits.data, wanted.slice(from * 13, to * 13), "logits", `tokens ${from} to ${to}`);
        cache = handedOn(outputs);
      }
    });

    it("gives a row that is padded on the left, with or without a cache, the logits that it has alone", async () => {
      const [long, short] = [ids.slice(0, 5), ids.slice(2, 5)];
      const prompt = await decoder.run({
        inputs_embeds: await embed([long, [7, 7, ...short]]),
        attention_mask: int64([...ones(5), 0, 0, 1, 1, 1], [2, 5]),
        position_ids: int64([0, 1, 2, 3, 4, 1, 1, 0, 1, 2], [2, 5]),
        ...noCache(2),
      });
      expectNear(prompt.logits.data.slice(0, 5 * 13) as Float32Array, await whole(long), "logits", "long");
      expectNear(prompt.logits.data.slice(7 * 13) as Float32Array, await whole(short), "logits", "short");
      const step = await decoder.run({
        inputs_embeds: await embed([[9], [8]]),
        attention_mask: int64([...ones(6), 0, 0, ...ones(4)], [2, 6]),
        position_ids: int64([5, 3], [2, 1]),
        ...handedOn(prompt),
      });
      expectNear(step.logits.data.slice(0, 13) as Float32Array, (await whole([...long, 9])).slice(-13), "logits", "long"); // prettier-ignore
      expectNear(step.logits.data.slice(13) as Float32Array, (await whole([...short, 8])).slice(-13), "logits", "short"); // prettier-ignore
    });

    it("declares what transformers.js looks for", () => {
      const [tokens, past] = ["sequence_length", "past_sequence_length"];
      expect(shapes(feedInputs(built.model))).to.deep.equal({
        inputs_embeds: ["batch_size", tokens, 16],
        attention_mask: ["batch_size", `${past} + ${tokens}`],
        position_ids: ["batch_size", tokens],
        ...Object.fromEntries(
          CACHES.map((name) => [`past_key_values.${name}`, ["batch_size", kvHeads, past, headSize]]),
        ),
      });
      expect(shapes(built.model.graph.output)).to.deep.equal({
        logits: ["batch_size", tokens, 13],
        ...Object.fromEntries(
          CACHES.map((name) => [`present.${name}`, ["batch_size", kvHeads, `${past} + ${tokens}`, headSize]]),
        ),
      });
    });
  });

describe("a built vision transformer with a projector", () => {
  it("gives a row of the decoder's width for every patch", async () => {
    const { model, parameters } = vit({ image: 4, patch: 2, width: 6, layers: 1, heads: 2, projectTo: 10 });
    expect(parameters.has("multi_modal_projector.linear.weight")).to.equal(true);
    expect(shapes(model.graph.output)).to.deep.equal({ image_features: ["batch_size", 4, 10] });
    const { image_features } = await runGraph(model, { pixel_values: float32(new Float32Array(96), [2, 3, 4, 4]) });
    expect(image_features.dims).to.deep.equal([2, 4, 10]);
  });
});
