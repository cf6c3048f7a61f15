import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  AutoProcessor,
  AutoTokenizer,
  CLIPTextModelWithProjection,
  CLIPVisionModelWithProjection,
  RawImage,
} from "@huggingface/transformers";
import { expect } from "chai";
import { phantomImage } from "../../../../../datasets/phantom/forms/images.ts";
import { render } from "../../../../../datasets/phantom/render/index.ts";
import { sampleScene } from "../../../../../datasets/phantom/world/sample-scene.ts";
import { PHANTOM } from "../../../../../kernels/models/phantom/config.ts";
import { normalisePixels } from "../../../../../kernels/models/phantom/normalise-pixels.ts";
import { EmptyTextError, loadRetrievalEncoder } from "../../../../../kernels/models/phantom/retrieval/load-encoder.ts";
import type { RetrievalEncoder } from "../../../../../kernels/models/phantom/retrieval/load-encoder.ts";
import { contrastiveGraph } from "../../../../../kernels/models/phantom/retrieval/network/contrastive-graph.ts";
import { towerGraphs } from "../../../../../kernels/models/phantom/retrieval/network/inference-graphs.ts";
import { writeEncoder } from "../../../../../kernels/models/phantom/retrieval/write-encoder.ts";
import { VOCABULARY_SIZE } from "../../../../../kernels/models/phantom/tokenizer/tokenizer-files.ts";
import { ModelFolderError } from "../../../../../kernels/models/model-folder.ts";
import { float32 } from "../../../../../kernels/tensor.ts";
import { newFolder } from "../../../onnx/external-model.ts";
import { expectNear } from "../../../onnx/near.ts";
import { runGraph } from "../../../onnx/run-graph.ts";

const QUESTIONS = ["which organ does a glimmar affect?", "how large is the orvole?"];

describe("the retrieval encoder's folder", () => {
  let folder: string;
  let encoder: RetrievalEncoder;
  const { parameters } = contrastiveGraph(VOCABULARY_SIZE, 1, { seed: 8 });
  const weights = Object.fromEntries(parameters);
  const scene = sampleScene(77);
  const picture = () => phantomImage(scene, "77", folder);
  before(async () => {
    await writeEncoder((folder = newFolder()), weights);
    encoder = await loadRetrievalEncoder(folder);
  });
  after(async () => {
    await encoder.dispose();
    rmSync(folder, { recursive: true });
  });

  it("takes at most 2 MB", () => {
    const files = ["onnx/text_model.onnx", "onnx/vision_model.onnx"].map((name) => statSync(join(folder, name)).size);
    expect(files[0] + files[1]).to.be.below(2e6);
  });

  it("is loaded by transformers.js as CLIP, which gives the same embeddings of texts, padded or not", async () => {
    const tokenizer = await AutoTokenizer.from_pretrained(folder, { local_files_only: true });
    const model = await CLIPTextModelWithProjection.from_pretrained(folder, { local_files_only: true, dtype: "fp32" });
    try {
      const { text_embeds } = await model(tokenizer(QUESTIONS, { padding: true, truncation: true }));
      const own = await Promise.all(QUESTIONS.map((question) => encoder.text(question)));
      expect(own[0]).to.have.length(text_embeds.dims[1]);
      expectNear(own.flatMap((each) => [...each]), text_embeds.data as Float32Array, "logits", "text_embeds"); // prettier-ignore
    } finally {
      await model.dispose();
    }
  });

  it("is loaded by transformers.js as CLIP, which gives the same embedding of an image, as our own picture has before it is a file", async () => {
    const processor = await AutoProcessor.from_pretrained(folder, { local_files_only: true });
    const model = await CLIPVisionModelWithProjection.from_pretrained(folder, { local_files_only: true, dtype: "fp32" }); // prettier-ignore
    try {
      const { path } = await picture();
      const { image_embeds } = await model(await processor(await RawImage.read(path)));
      const own = await encoder.image(await picture());
      expectNear(own, image_embeds.data as Float32Array, "logits", "image_embeds");
      const pixels = new Float32Array(3 * PHANTOM.image ** 2);
      normalisePixels(render(scene).image, pixels, 0);
      const dims = [1, 3, PHANTOM.image, PHANTOM.image];
      const { vision_model } = towerGraphs(VOCABULARY_SIZE, weights);
      const direct = await runGraph(vision_model.model, { pixel_values: float32(pixels, dims) });
      expectNear(own, direct.image_embeds.data, "logits", "as in training");
    } finally {
      await model.dispose();
    }
  });

  it("states the temperatures that were learnt", () => {
    const config = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
    expect(config.logit_scale_init_value).to.be.closeTo(Math.log(1 / 0.07), 1e-5);
    expect(Object.keys(config.phantom_logit_scales)).to.deep.equal(["text-text", "image-text", "image-image"]);
  });

  it("refuses a text without tokens and a folder without the encoder, with what to do", async () => {
    const empty = await encoder.text("").catch((error: Error) => error);
    expect(empty).to.be.instanceOf(EmptyTextError);
    const missing = await loadRetrievalEncoder(join(folder, "onnx")).catch((error: Error) => error);
    expect(missing).to.be.instanceOf(ModelFolderError);
    expect((missing as Error).message).to.include('"onnx/text_model.onnx" is missing');
  });
});
