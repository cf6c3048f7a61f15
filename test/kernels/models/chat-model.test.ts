import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  AutoModelForImageTextToText,
  AutoProcessor,
  env,
  type PreTrainedModel,
  type Processor,
  RawImage,
  type Tensor as HubTensor,
} from "@huggingface/transformers";
import { expect } from "chai";
import sharp from "sharp";
import { sitesCommand } from "../../../kernels/commands/sites.ts";
import { gradCheckCommand } from "../../../kernels/commands/grad-check.ts";
import { ImageTokenError } from "../../../kernels/models/chat-prompt.ts";
import { listModels } from "../../../kernels/models/list-models.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import type { Edit, Intervention } from "../../../kernels/models/edit.ts";
import type { Query } from "../../../kernels/models/model.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { float32, int64, type Tensor } from "../../../kernels/tensor.ts";
import { runCommand } from "../commands/run-command.ts";
import { newFolder } from "../onnx/external-model.ts";
import { expectNear } from "../onnx/near.ts";
import { runGraph } from "../onnx/run-graph.ts";
import { seededValues } from "../onnx/seeded-values.ts";
import { IMAGE, IMAGE_TOKEN, IMAGE_TOKENS, WIDTH, writeTinyChat } from "./tiny-chat-model.ts";
import { lossAt } from "./loss-at.ts";

const QUESTIONS = ["what is the thing?", "Where is it", "who", "is there an onion in the bath"];
const SITE = "layers.1.mlp.down_proj";
const ZERO = () => new Float32Array(24 * WIDTH);

const editOf = (...interventions: Intervention[]): Edit => ({
  id: "test",
  editor: "test",
  cases: [],
  interventions,
  scope: { kind: "always" },
  provenance: { editor: "test", model: "test", seed: 0, options: {} },
});
const denseEdit = (data: Float32Array) => editOf({ kind: "dense", site: SITE, delta: float32(data, [24, WIDTH]) });

/** Writes an image of seeded noise as PNG. */
async function writeImage(path: string, side: number, seed: number): Promise<void> {
  const noise = seededValues("float32", [side * side * 3], 127, seed).data as Float32Array;
  await sharp(
    Uint8Array.from(noise, (value) => 128 + value),
    { raw: { width: side, height: side, channels: 3 } },
  )
    .png()
    .toFile(path);
}

for (const kind of ["llava", "gemma3"] as const)
  describe(`a ${kind} folder in the ordinary transformers.js layout`, () => {
    let folder: string;
    let model: VisionLanguageModel;
    let queries: Query[];
    before(async () => {
      folder = join(newFolder(), kind);
      mkdirSync(folder);
      writeTinyChat(folder, { kind });
      for (const i of [0, 1]) await writeImage(join(folder, `${i}.png`), IMAGE, 30 + i);
      const image = (i: number) => ({ id: `${i}`, path: join(folder, `${i}.png`) });
      queries = QUESTIONS.flatMap((question) => [
        { question },
        { question, image: image(0) },
        { question, image: image(1) },
      ]);
      model = await loadModel(folder, { device: "cpu" });
    });
    after(async () => {
      await model?.dispose();
      rmSync(join(folder, ".."), { recursive: true });
    });

    /** What plain transformers.js makes of the folder, by its documented calls. */
    describe("against plain transformers.js", () => {
      let processor: Processor;
      let plain: PreTrainedModel;
      before(async () => {
        processor = await AutoProcessor.from_pretrained(folder, { local_files_only: true });
        plain = await AutoModelForImageTextToText.from_pretrained(folder, { local_files_only: true, dtype: "fp32" });
      });
      after(() => plain?.dispose());

      async function ask({ question, image }: Query): Promise<{ prompt: number; answer: string }> {
        const content = [...(image ? [{ type: "image" }] : []), { type: "text", text: question }];
        const text = processor.apply_chat_template([{ role: "user", content }] as never, {
          add_generation_prompt: true,
        }) as unknown as string;
        const picture = image && (await RawImage.read(image.path));
        const special = { add_special_tokens: false };
        const inputs = picture
          ? await (kind === "llava" ? processor(picture, text, special) : processor(text, picture, special))
          : processor.tokenizer!(text, special);
        const ids = (await plain.generate({ ...inputs, max_new_tokens: 24, do_sample: false })) as HubTensor;
        const prompt = inputs.input_ids.dims[1];
        const tokens = Array.from(ids.data as BigInt64Array, Number).slice(prompt);
        return { prompt, answer: processor.tokenizer!.decode(tokens, { skip_special_tokens: true }).trim() };
      }

      it("gives the same greedy answers, of prompts of the same length, with and without images", async () => {
        const wanted = [];
        for (const query of queries) wanted.push(await ask(query));
        expect(new Set(wanted.map(({ answer }) => answer)).size, "different answers").to.be.above(8);
        for (const [i, query] of queries.entries()) {
          expect(await model.answer(query)).to.equal(wanted[i].answer);
          expect(model.promptLength(query)).to.equal(wanted[i].prompt);
        }
      });
    });

    it("scores its own answers as its first choice, in the case they are written", async () => {
      let [tokens, same] = [0, 0];
      for (const query of queries) {
        const { ids, argmax } = await model.score(query, await model.answer(query));
        tokens += ids.length;
        same += ids.filter((id, i) => id === argmax[i]).length;
      }
      // Not all: of two ways to spell a text in tokens, greedy choice may take the one that the tokenizer does not.
      expect(same / tokens).to.be.at.least(0.95);
      const ids = async (answer: string) => (await model.score(queries[0], answer)).ids;
      expect(await ids("The")).to.not.deep.equal(await ids("the"));
      expect(await ids("the")).to.have.length(1);
    });

    it("gives the logits of a whole sequence with features at the image tokens", async () => {
      const query = queries[1];
      const logits = await model.logits(query, "onion");
      const processor = await AutoProcessor.from_pretrained(folder, { local_files_only: true });
      const { pixel_values } = await processor.image_processor!(await RawImage.read(query.image!.path));
      const run = (name: string, feeds: Record<string, Tensor>) =>
        runGraph(readFileSync(join(folder, "onnx", `${name}.onnx`)), feeds);
      const { image_features } = await run("vision_encoder", {
        pixel_values: float32(pixel_values.data as Float32Array, pixel_values.dims),
      });
      const image = `<image>`.repeat(IMAGE_TOKENS);
      const shown = kind === "llava" ? image : `\n\n<boi>${image}<eoi>\n\n`;
      const ids = processor.tokenizer!.encode(`<bos>${shown}<|user|>${query.question}<|assistant|>onion`);
      const length = ids.length;
      const { inputs_embeds } = await run("embed_tokens", { input_ids: int64(ids, [1, length]) });
      ids
        .flatMap((id, at) => (id === IMAGE_TOKEN ? [at] : []))
        .forEach((at, row) =>
          (inputs_embeds.data as Float32Array).set(
            (image_features.data as Float32Array).subarray(row * WIDTH, (row + 1) * WIDTH),
            at * WIDTH,
          ),
        );
      const empty = float32([], [1, 2, 0, 4]);
      const whole = await run("decoder_model_merged", {
        inputs_embeds,
        attention_mask: int64(new BigInt64Array(length).fill(1n), [1, length]),
        position_ids: int64([...ids.keys()], [1, length]),
        ...Object.fromEntries(
          ["0.key", "0.value", "1.key", "1.value"].map((name) => [`past_key_values.${name}`, empty]),
        ),
      });
      expect(logits.dims).to.deep.equal(whole.logits.dims);
      expectNear(logits.data, whole.logits.data, "logits", "logits");
      const { ids: answer, logprobs } = await model.score(query, "onion");
      const row = (at: number) => [...(whole.logits.data as Float32Array).slice(at * logits.dims[2], (at + 1) * logits.dims[2])]; // prettier-ignore
      const wanted = answer.map((id, i) => {
        const values = row(length - answer.length - 1 + i);
        return values[id] - Math.log(values.reduce((sum, value) => sum + Math.exp(value), 0));
      });
      expectNear(logprobs, wanted, "logits", "log-probabilities");
    });

    it("answers to an edit as to a merged weight, and to zeros bit for bit as without", async () => {
      const delta = seededValues("float32", [24, WIDTH], 1, 8).data as Float32Array;
      const merged = join(folder, "..", `${kind}-merged`);
      cpSync(folder, merged, { recursive: true });
      writeTinyChat(merged, {
        kind,
        change: (parameters) => {
          const weight = parameters.get("model.layers.1.mlp.down_proj.weight")!.data;
          delta.forEach((value, i) => (weight[i] += value));
        },
      });
      const other = await loadModel(merged, { device: "cpu" });
      try {
        const view = model.with(denseEdit(delta));
        for (const query of queries.slice(0, 3)) {
          const [got, wanted, base] = await Promise.all(
            [view, other, model].map((each) => each.logits(query, "onion")),
          );
          expectNear(got.data, wanted.data, "logits", "logits");
          expect(got.data).to.not.deep.equal(base.data);
          expect(await view.answer(query)).to.equal(await other.answer(query));
          const zero = await model.with(denseEdit(ZERO())).logits(query, "onion");
          expect(Buffer.from(zero.data.buffer).equals(Buffer.from(base.data.buffer))).to.equal(true);
        }
      } finally {
        await other.dispose();
      }
    });

    it("puts a prefix in front of the question, behind the image", async () => {
      const [, query] = queries;
      const view = model.with(editOf({ kind: "prefix", text: "an onion is a bath. " }));
      const joined = { ...query, question: `an onion is a bath. ${query.question}` };
      expect(view.promptLength(query)).to.equal(model.promptLength(joined));
      expect(await view.answer(query)).to.equal(await model.answer(joined));
    });

    it("refuses a question that holds the image token, in words", async () => {
      const error = await model.answer({ question: "what is <image> for" }).catch((e) => e);
      expect(error).to.be.instanceOf(ImageTokenError);
      expect(error.message).to.match(/"<image>", which stands for an image/);
    });

    it("reports the loss of an answer and its end, and its gradient", async () => {
      const at = await lossAt(model, SITE, queries[2], "onion");
      const { loss, gradient: g } = await at();
      const { logprobs } = await model.score(queries[2], "onion");
      const { logprobs: withEnd } = await model.score(queries[2], "onion<eos>");
      expect(withEnd).to.have.length(logprobs.length + 1);
      expect(loss).to.be.closeTo(-withEnd.reduce((a, b) => a + b) / withEnd.length, 1e-4);
      const norm = Math.hypot(...g);
      const step = (sign: number) => at(g.map((value) => (sign * 0.01 * value) / norm));
      const slope = ((await step(1)).loss - (await step(-1)).loss) / 0.02;
      expect(slope / norm).to.be.closeTo(1, 5e-3);
    });

    it("embeds a text as the mean of its tokens, without any that the template would add", async () => {
      const [the, both] = [await model.embedText("the"), await model.embedText("thethe")];
      expectNear(both, the, "float32", "mean");
      expect(the).to.have.length(WIDTH);
    });

    it("encodes an image once, however often it is asked about", async () => {
      const path = join(folder, "large.png");
      await writeImage(path, 3 * IMAGE, 40);
      const large = { question: "who", image: { id: "large", path } };
      const before = await model.answer(large);
      rmSync(path);
      expect(await model.answer(large)).to.equal(before);
    });
  });

describe("the commands on a folder in the ordinary transformers.js layout", () => {
  let folder: string;
  before(() => {
    folder = join(newFolder(), "tiny");
    mkdirSync(folder);
    writeTinyChat(folder);
  });
  after(() => rmSync(join(folder, ".."), { recursive: true }));

  it("is listed, shows its sites, and passes the gradient check", async function () {
    this.timeout(120_000);
    expect(listModels(join(folder, "..")).find(({ id }) => id === "tiny")?.needs).to.equal(
      `the CPU or a WebGPU adapter, and images (${IMAGE} x ${IMAGE} after preparation)`,
    );
    const sites: { graphs: { graph: string; sites: { id: string }[] }[] } = JSON.parse(
      await runCommand(sitesCommand, [folder, "--json"]),
    );
    const ids = (graph: string) => sites.graphs.find((each) => each.graph === `onnx/${graph}.onnx`)!.sites.map(({ id }) => id); // prettier-ignore
    expect(ids("decoder_model_merged")).to.include(SITE);
    expect(ids("embed_tokens")).to.deep.equal(["embed_tokens"]);
    expect(ids("vision_encoder")).to.include.members(["layers.0.mlp.fc1", "layers.0.self_attn.q_proj"]);
    const report = JSON.parse(await runCommand(gradCheckCommand, [folder, "--directions", "1", "--json"]));
    expect(report.graphs).to.have.length(3);
    expect(report.failed).to.deep.equal([]);
    expect(report.worst).to.be.below(1e-3).and.above(0);
  });
});

describe("loading a folder in the ordinary transformers.js layout", () => {
  it("asks no server for anything", async () => {
    const folder = newFolder();
    const real = env.fetch;
    const asked: unknown[] = [];
    env.fetch = (url) => {
      asked.push(url);
      return Promise.reject(new Error("no network here"));
    };
    try {
      writeTinyChat(folder);
      const model = await loadModel(folder, { device: "cpu" });
      await model.answer({ question: "who" });
      await model.dispose();
      expect(asked).to.deep.equal([]);
    } finally {
      env.fetch = real;
      rmSync(folder, { recursive: true });
    }
  });
});
