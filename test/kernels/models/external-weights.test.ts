import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import type { Edit } from "../../../kernels/models/edit.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { externalise, readModelFile, writeModelFile } from "../../../kernels/onnx/index.ts";
import { float32 } from "../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { newFolder } from "../onnx/external-model.ts";
import { loadTinyVlm, TINY_VLM, tinyCases } from "../tiny-vlm.ts";
import { lossAt } from "./loss-at.ts";

const DECODER = "onnx/decoder_model_merged.onnx";
const SITE = "layers.1.mlp.down_proj";

const editOf = (scale: number): Edit => ({
  id: "test",
  editor: "test",
  cases: [],
  interventions: [
    {
      kind: "dense",
      site: SITE,
      delta: float32(
        Float32Array.from({ length: 384 * 128 }, (_, i) => scale * Math.sin(i)),
        [384, 128],
      ),
    },
  ],
  scope: { kind: "always" },
  provenance: { editor: "test", model: "test", seed: 0, options: {} },
});

describeWithShared("a model whose decoder's weights lie in a data file", TINY_VLM, () => {
  let folder: string;
  let inside: VisionLanguageModel;
  let outside: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    folder = newFolder();
    mkdirSync(join(folder, "onnx"));
    const from = (name: string) => shared("models/vqarad-tiny-vlm", name);
    const files = [...readdirSync(from(".")), ...readdirSync(from("onnx")).map((name) => `onnx/${name}`)];
    for (const name of files)
      if (/\.(json|onnx)$/.test(name) && name !== DECODER) copyFileSync(from(name), join(folder, name));
    const decoder = await readModelFile(from(DECODER));
    await writeModelFile(
      externalise(decoder, join(folder, "onnx"), "decoder_model_merged.onnx_data"),
      join(folder, DECODER),
    );
    inside = await loadTinyVlm();
    outside = await loadModel(folder, { device: "cpu" });
    cases = await tinyCases(inside, 3);
  });
  after(async () => {
    await inside?.dispose();
    await outside?.dispose();
    rmSync(folder, { recursive: true });
  });
  const scores = async (model: VisionLanguageModel) => {
    const rows = [];
    for (const each of cases) rows.push(...(await model.score(each, each.target)).logprobs);
    return rows;
  };

  it("answers and scores as with its weights inside", async () => {
    for (const each of cases) expect(await outside.answer(each)).to.equal(await inside.answer(each));
    const [a, b] = [await scores(outside), await scores(inside)];
    // Weights that are mapped are not packed beforehand: the same products in another order of sums.
    a.forEach((value, i) => expect(value).to.be.closeTo(b[i], 1e-4));
  });

  it("equals itself bit for bit under an edit of zeros, before, beside and after an edit", async () => {
    const before = await scores(outside);
    expect(await scores(outside.with(editOf(0)))).to.deep.equal(before);
    expect(await scores(outside.with(editOf(0.05)))).to.not.deep.equal(before);
    expect(await scores(outside)).to.deep.equal(before);
  });

  it("has the same weights and the same gradients", async () => {
    expect(outside.weight(SITE)).to.deep.equal(inside.weight(SITE));
    const step = async (model: VisionLanguageModel) =>
      (await (await lossAt(model, SITE, cases[0], cases[0].target))()).gradient;
    const [a, b] = [await step(outside), await step(inside)];
    expect(Math.hypot(...a.map((value, i) => value - b[i])) / Math.hypot(...b)).to.be.lessThan(1e-5);
  });

  it("leaves its folder as it was", () => {
    expect(readdirSync(join(folder, "onnx")).sort()).to.deep.equal([
      "decoder_model_merged.onnx",
      "decoder_model_merged.onnx_data",
      "embed_tokens.onnx",
      "vision_encoder.onnx",
    ]);
  });
});
