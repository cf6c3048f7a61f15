import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GenerationConfig, LlamaForCausalLM, PretrainedConfig, Tensor as HubTensor } from "@huggingface/transformers";
import { expect } from "chai";
import { Decoder } from "../../../kernels/models/decoder.ts";
import type { GraphSession } from "../../../kernels/models/graph-session.ts";
import { transformersSession } from "../../../kernels/models/transformers-session.ts";
import { denseInputName, initializerMap, readModelFile, tensorOf, writeModel } from "../../../kernels/onnx/index.ts";
import { shallowCopy, withGraph } from "../../../kernels/onnx/graph.ts";
import { sideInputNames } from "../../../kernels/onnx/surgery/side-input.ts";
import { gradientGraph } from "../../../kernels/onnx/gradients/vjp.ts";
import { crossEntropy } from "../../../kernels/onnx/losses/cross-entropy.ts";
import { lower } from "../../../kernels/onnx/lowering/index.ts";
import { NO_SIDES } from "../../../kernels/models/side-feeds.ts";
import { Runtime } from "../../../kernels/runtime/runtime.ts";
import { float32, int64, type Tensor } from "../../../kernels/tensor.ts";
import { newFolder } from "../onnx/external-model.ts";
import { HIDDEN, mergedDecoder, WORDS } from "../onnx/merged-decoder.ts";
import { seededValues } from "../onnx/seeded-values.ts";

const SITE = "layers.0.self_attn.o_proj";
const PROMPTS = [[3, 1, 4], [1], [5, 9, 2, 6, 5, 3]];
const NEW_TOKENS = 12;

/** Greedy tokens as transformers.js's own generate() gives them. */
async function generate(session: GraphSession, prompt: number[], side: Record<string, Tensor> = {}): Promise<number[]> {
  const config = new PretrainedConfig({
    model_type: "llama",
    architectures: ["LlamaForCausalLM"],
    hidden_size: HIDDEN,
    num_attention_heads: 1,
    num_key_value_heads: 1,
    num_hidden_layers: 1,
    vocab_size: WORDS,
  });
  const model = new LlamaForCausalLM(
    config,
    { model: transformersSession(session, () => side) },
    {
      generation_config: new GenerationConfig({} as never),
    },
  );
  const output = (await model.generate({
    input_ids: new HubTensor("int64", BigInt64Array.from(prompt, BigInt), [1, prompt.length]),
    attention_mask: new HubTensor("int64", new BigInt64Array(prompt.length).fill(1n), [1, prompt.length]),
    max_new_tokens: NEW_TOKENS,
    do_sample: false,
  } as never)) as HubTensor;
  return Array.from(output.data as BigInt64Array, Number).slice(prompt.length);
}

describe("a decoder whose branches with and without a cache are merged", () => {
  let folder: string;
  let file: string;
  let runtime: Runtime;
  let decoder: Decoder;
  before(async () => {
    folder = newFolder();
    file = join(folder, "decoder_model_merged.onnx");
    writeFileSync(file, writeModel(mergedDecoder()));
    runtime = await Runtime.start("cpu");
    decoder = await Decoder.open(runtime, file);
  });
  after(async () => {
    await runtime.dispose();
    rmSync(folder, { recursive: true });
  });

  const every = async (session: GraphSession, side?: Record<string, Tensor>) => {
    const answers = [];
    for (const prompt of PROMPTS) answers.push(await generate(session, prompt, side));
    return answers;
  };
  const NONE = NO_SIDES;

  it("generates in transformers.js what the file itself generates, with as many tokens from the cache as ever", async () => {
    const whole = await runtime.open(file, "merged");
    const wanted = await every(whole);
    expect(wanted.map((tokens) => tokens.length)).to.deep.equal(PROMPTS.map(() => NEW_TOKENS));
    expect(await every(await decoder.generation(NONE))).to.deep.equal(wanted);
  });

  it("shows its sites", () => {
    expect(decoder.sites.map((site) => site.id)).to.include(SITE);
  });

  it("generates the same under an edit of zeros, and under a side input what merged weights generate", async () => {
    const edited = await decoder.generation({ ...NO_SIDES, dense: [SITE] });
    const name = denseInputName(SITE);
    const base = await every(await decoder.generation(NONE));
    expect(await every(edited, { [name]: float32(new Float32Array(HIDDEN * HIDDEN), [HIDDEN, HIDDEN]) })).to.deep.equal(
      base,
    );
    const delta = seededValues("float32", [HIDDEN, HIDDEN], 2, 21);
    const sided = await every(edited, { [name]: delta });
    expect(sided).to.not.deep.equal(base);

    const model = await readModelFile(file);
    const merged = tensorOf(initializerMap(model).get("o.weight")!);
    (delta.data as Float32Array).forEach((value, i) => ((merged.data as Float32Array)[i] += value));
    const initializer = model.graph.initializer.map((tensor) =>
      tensor.name === "o.weight"
        ? shallowCopy(tensor, { rawData: new Uint8Array(merged.data.buffer as ArrayBuffer) })
        : tensor,
    );
    expect(
      await every(await runtime.open(writeModel(withGraph(model, { initializer })), "merged weights")),
    ).to.deep.equal(sided);
  });

  it("takes low-rank edits of any rank in both branches", async () => {
    const edited = await decoder.generation({ ...NO_SIDES, lowRank: [SITE] });
    const { a, b } = sideInputNames(SITE);
    const base = await every(await decoder.generation(NONE));
    const zero = (rank: number) => ({
      [a]: seededValues("float32", [HIDDEN, rank], 1, 5),
      [b]: float32(new Float32Array(rank * HIDDEN), [rank, HIDDEN]),
    });
    expect(await every(edited, zero(1))).to.deep.equal(base);
    expect(await every(edited, zero(4))).to.deep.equal(base);
  });

  it("gives the loss of whole sequences and its gradient", async () => {
    const targets = [denseInputName(SITE)];
    const session = await decoder.compile("a gradient", {}, async () => {
      const model = lower(crossEntropy(decoder.edited({ ...NO_SIDES, dense: [SITE] })), { targets });
      return gradientGraph(model, { loss: "loss", targets, trace: await decoder.trace(model) });
    });
    const ids = [3, 1, 4, 1, 5];
    const empty = float32([], [1, 1, 0, HIDDEN]);
    const at = async (delta: Float32Array) => {
      const outputs = await session.run({
        input_ids: int64(ids, [1, 5]),
        attention_mask: int64([1, 1, 1, 1, 1], [1, 5]),
        "past_key_values.0.key": empty,
        "past_key_values.0.value": empty,
        labels: int64([1, 4, 1, 5, 9], [1, 5]),
        loss_weights: float32(Array(5).fill(0.2), [1, 5]),
        [denseInputName(SITE)]: float32(delta, [HIDDEN, HIDDEN]),
      });
      return {
        loss: outputs.loss.data[0] as number,
        gradient: outputs[`grad:${denseInputName(SITE)}`].data as Float32Array,
      };
    };
    const { gradient } = await at(new Float32Array(HIDDEN * HIDDEN));
    const norm = Math.hypot(...gradient);
    const h = 0.02;
    const [plus, minus] = [
      await at(gradient.map((g) => (h * g) / norm)),
      await at(gradient.map((g) => (-h * g) / norm)),
    ];
    expect((plus.loss - minus.loss) / (2 * h) / norm).to.be.closeTo(1, 5e-3);
  });
});
