import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { NoSuchSiteError } from "../../../kernels/editors/default-sites.ts";
import { editorNamed } from "../../../kernels/editors/index.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { MissingGradientRuleError } from "../../../kernels/onnx/index.ts";
import { QUANTISED_FORMS, type QuantisedForm, writeQuantisedModel } from "./quantised-model.ts";

describe("a model with quantised weights", () => {
  let folder: string;
  let cases: EditCase[];
  const answers: string[] = [];
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "medke-quantised-"));
    const single = await loadModel("phantom", { device: "cpu" });
    cases = (await loadCases("phantom/medmkeb", { model: single, limit: 4 })).cases;
    for (const each of cases) answers.push(await single.answer(each));
    await single.dispose();
  });
  after(() => rmSync(folder, { recursive: true }));

  async function using(form: QuantisedForm, run: (model: VisionLanguageModel) => Promise<void>) {
    const path = join(folder, form);
    await writeQuantisedModel(path, form);
    const model = await loadModel(path, { device: "cpu" });
    try {
      for (const [i, each] of cases.entries()) expect(await model.answer(each)).to.equal(answers[i]);
      await run(model);
    } finally {
      await model.dispose();
    }
  }

  for (const form of QUANTISED_FORMS)
    it(`${form}: is edited beside its weights, and is as it was without the edit`, () =>
      using(form, async (model) => {
        const [{ target }] = cases;
        const before = await model.logits(cases[0], target);
        for (const id of ["ft-m", "rome", "wise"] as const) {
          const edit = await editorNamed(id).edit(model, [cases[0]], { corpus: cases });
          expect(await model.with(edit).answer(cases[0]), id).to.equal(target);
        }
        expect((await model.logits(cases[0], target)).data).to.deep.equal(before.data);
      }));

  it("bnb4: answers, and refuses edits with the way out: its weights are not read", () =>
    using("bnb4", async (model) => {
      const refusal = (id: "ft-m" | "lora" | "ft-vision") =>
        editorNamed(id)
          .edit(model, [cases[0]], { corpus: cases })
          .catch((error: Error) => error);
      for (const id of ["ft-m", "lora"] as const) {
        const refused = await refusal(id);
        expect(refused).to.be.instanceOf(NoSuchSiteError);
        expect((refused as Error).message).to.match(new RegExp(`${id} on bnb4: .*Load the model's float32 or float16 file`)); // prettier-ignore
      }
      // The encoder's weights are floats; the way back to them leads through those of the decoder.
      const refused = await refusal("ft-vision");
      expect(refused).to.be.instanceOf(MissingGradientRuleError);
      expect((refused as Error).message).to.match(/MatMulBnb4\. Load the model's float32 or float16 file/);
    }));
});
