import { mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { type EditorId, editorNamed } from "../../../kernels/editors/index.ts";
import { normal } from "../../../kernels/editors/lora/normal.ts";
import { applyPack } from "../../../kernels/editors/pack/apply-pack.ts";
import { OtherModelError } from "../../../kernels/editors/pack/errors.ts";
import { loadPack } from "../../../kernels/editors/pack/load-pack.ts";
import { savePack } from "../../../kernels/editors/pack/save-pack.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import type { Edit, Intervention } from "../../../kernels/models/edit.ts";
import type { Values } from "../../../kernels/models/edit-objective.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import { denseParameter, lowRankParameters, neuronParameters, rowsParameter, shiftParameter, type Trainable } from "../../../kernels/models/trainables.ts"; // prettier-ignore
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { random } from "../../../kernels/random.ts";
import { float32, type Tensor } from "../../../kernels/tensor.ts";
import { HALF_FORMS, writeHalfModel } from "./half-model.ts";

const SITE = "layers.2.mlp.down_proj";
const VISION = "vision.layers.1.mlp.fc2";

const zeros = (...dims: number[]) => float32(new Float32Array(dims.reduce((a, b) => a * b)), dims);
const editOf = (...interventions: Intervention[]): Edit => ({
  id: "test",
  editor: "test",
  cases: [],
  interventions,
  scope: { kind: "always" },
  provenance: { editor: "test", model: "test", seed: 0, options: {} },
});
const bits = ({ data }: Tensor<Float32Array>) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
const furthest = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

describe("a model in half precision", () => {
  let folder: string;
  let single: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "medke-half-"));
    single = await loadModel("phantom", { device: "cpu" });
    cases = (await loadCases("phantom/medmkeb", { model: single, limit: 6 })).cases;
  });
  after(async () => {
    await single?.dispose();
    rmSync(folder, { recursive: true });
  });

  for (const form of HALF_FORMS)
    describe(form, () => {
      let model: VisionLanguageModel;
      before(async () => {
        const path = join(folder, form.replace(" ", "-"));
        await writeHalfModel(path, form);
        // As they are downloaded: without the float32 files.
        for (const file of readdirSync(join(path, "onnx"))) renameSync(join(path, "onnx", file), join(path, "onnx", file.replace(".onnx", "_fp16.onnx"))); // prettier-ignore
        model = await loadModel(path, { device: "cpu" });
      });
      after(() => model?.dispose());

      const stream = random(11);
      const drawn = (dims: number[], deviation: number) =>
        float32(normal(stream, dims.reduce((a, b) => a * b), deviation), dims); // prettier-ignore
      const logits = (asked: VisionLanguageModel, { image, question, target }: EditCase) =>
        asked.logits({ image, question }, target);

      it("answers, scores and shows hidden values as in single precision", async () => {
        for (const each of cases) {
          expect(await model.answer(each)).to.equal(await single.answer(each));
          expect(furthest((await logits(model, each)).data, (await logits(single, each)).data)).to.be.lessThan(0.1);
        }
        const [{ image, question }] = cases;
        const taps = (["input", "output"] as const).map((of) => ({ site: SITE, of }));
        const activated = { site: "layers.2.mlp.up_proj", of: "activated" } as const;
        const states = (asked: VisionLanguageModel) => asked.states({ image, question }, [...taps, activated]);
        const [half, wanted] = [await states(model), await states(single)];
        half.values.forEach(({ data, type }, i) => {
          expect(type).to.equal("float32");
          const most = furthest(wanted.values[i].data, new Float32Array(data.length));
          expect(furthest(data, wanted.values[i].data)).to.be.lessThan(0.01 * most);
        });
        expect(furthest(await model.embedText(question), await single.embedText(question))).to.be.lessThan(1e-3);
        expect(furthest(model.weight(SITE).data, single.weight(SITE).data)).to.be.lessThan(1e-3);
      });

      it("gives the same bits beside, before and after an edit, and under one of zeros", async () => {
        const before = bits(await logits(model, cases[0]));
        const none: Intervention[] = [
          { kind: "dense", site: SITE, delta: zeros(512, 192) },
          { kind: "dense", site: "lm_head", delta: zeros(192, 896) },
          { kind: "low-rank", site: "layers.1.self_attn.q_proj", a: drawn([192, 2], 1), b: zeros(2, 192) },
          { kind: "neurons", site: SITE, keys: drawn([192, 2], 1), bias: drawn([2], 1), values: zeros(2, 192) },
          { kind: "dense", site: VISION, delta: zeros(512, 128) },
          { kind: "dense", site: "projector", delta: zeros(128, 192) },
        ];
        for (const step of none) expect(bits(await logits(model.with(editOf(step)), cases[0])).equals(before)).to.equal(true); // prettier-ignore
        const some = model.with(editOf({ kind: "dense", site: SITE, delta: drawn([512, 192], 0.05) }));
        expect(bits(await logits(some, cases[0])).equals(before)).to.equal(false);
        await some.answer(cases[0]);
        expect(bits(await logits(model, cases[0])).equals(before)).to.equal(true);
      });

      it("moves under every kind of edit as in single precision", async () => {
        const steps: Intervention[] = [
          { kind: "dense", site: SITE, delta: drawn([512, 192], 0.2) },
          { kind: "low-rank", site: SITE, a: drawn([512, 2], 0.3), b: drawn([2, 192], 0.3) },
          { kind: "neurons", site: SITE, keys: drawn([192, 2], 0.3), bias: drawn([2], 1), values: drawn([2, 192], 1) },
          { kind: "replace", site: "layers.2.output", value: drawn([192], 1) },
          { kind: "prefix", text: "what is it ? " },
          { kind: "dense", site: VISION, delta: drawn([512, 128], 0.3) },
        ];
        const base = await logits(single, cases[0]);
        for (const step of steps) {
          const [half, wanted] = [await logits(model.with(editOf(step)), cases[0]), await logits(single.with(editOf(step)), cases[0])]; // prettier-ignore
          const moved = step.kind === "prefix" ? 1 : furthest(wanted.data, base.data);
          expect(moved, step.kind).to.be.greaterThan(0.3);
          expect(furthest(half.data, wanted.data), step.kind).to.be.lessThan(0.05 * Math.max(moved, 1));
          // Through the cache, too.
          expect(await model.with(editOf(step)).answer(cases[0])).to.equal(await single.with(editOf(step)).answer(cases[0])); // prettier-ignore
        }
      });

      const { a, b } = lowRankParameters(SITE);
      const { keys, bias, values } = neuronParameters(SITE);
      const kinds: [Trainable, (tokens: number) => Values][] = [
        [{ kind: "dense", site: SITE }, () => ({ [denseParameter(SITE)]: drawn([512, 192], 0.02) })],
        [{ kind: "low-rank", site: SITE }, () => ({ [a]: drawn([512, 3], 0.02), [b]: drawn([3, 192], 0.02) })],
        [{ kind: "shift", site: SITE }, () => ({ [shiftParameter(SITE)]: drawn([192], 0.02) })],
        [{ kind: "rows", site: SITE }, (tokens) => ({ [rowsParameter(SITE)]: drawn([1, tokens, 192], 0.02) })],
        [{ kind: "neurons", site: SITE }, () => ({ [keys]: drawn([192, 2], 0.1), [bias]: drawn([2], 0.02), [values]: drawn([2, 192], 0.5) })], // prettier-ignore
        [{ kind: "dense", site: VISION }, () => ({ [denseParameter(VISION)]: drawn([512, 128], 0.02) })],
      ];
      for (const [trainable, start] of kinds)
        it(`gradients at ${trainable.kind} of ${trainable.site} are those of finite differences, the loss that of the view`, async () => {
          const [{ image, question, target }] = cases;
          const row = model.promptLength({ image, question }) - 1;
          const objective = await model.objective({
            trainables: [trainable],
            examples: [{ query: { image, question }, answer: target, shifts: { [SITE]: row } }],
          });
          try {
            const at = start(objective.batch.embeds.dims[1]);
            const { gradients, loss, logprobs } = await objective.evaluate(at);
            expect(loss).to.be.greaterThan(0);
            for (const [parameter, { data, dims }] of Object.entries(at)) {
              const gradient = gradients[parameter].data;
              const length = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
              expect(length, parameter).to.be.greaterThan(0);
              // What lies before the parameter is rounded once and for all; the loss is float32.
              const step = 0.002 / length ** 2;
              const moved = (sign: number) => float32(data.map((value, i) => value + sign * step * gradient[i]), dims); // prettier-ignore
              const at2 = async (sign: number) => (await objective.evaluate({ ...at, [parameter]: moved(sign) })).loss;
              const difference = ((await at2(1)) - (await at2(-1))) / (2 * step * length ** 2);
              expect(difference, parameter).to.be.closeTo(1, 0.03);
            }
            if (trainable.kind !== "dense") return;
            const view = model.with(editOf({ kind: "dense", site: trainable.site, delta: at[denseParameter(trainable.site)] })); // prettier-ignore
            const scored = await view.score({ image, question }, target);
            const words = logprobs[0].slice(-1 - scored.logprobs.length, -1);
            expect(furthest(Float32Array.from(words), Float32Array.from(scored.logprobs))).to.be.lessThan(0.05);
          } finally {
            await objective.release();
          }
        });
    });

  describe("its editors", () => {
    let model: VisionLanguageModel;
    before(async () => {
      const path = join(folder, "edited");
      await writeHalfModel(path, "mixed");
      model = await loadModel(path, { device: "cpu" });
    });
    after(() => model?.dispose());

    for (const id of ["ft-m", "lora", "rome", "grace", "wise"] satisfies EditorId[])
      it(`${id} teaches what it teaches in single precision`, async () => {
        for (const each of cases.slice(0, 2)) {
          const edit = (asked: VisionLanguageModel) => editorNamed(id).edit(asked, [each], { corpus: cases });
          const [half, wanted] = [model.with(await edit(model)), single.with(await edit(single))];
          expect(await half.answer(each)).to.equal(each.target);
          expect(await half.answer(each)).to.equal(await wanted.answer(each));
        }
      });

    it("keeps an edit as a pack that gives the same bits again, and that the float32 model refuses", async () => {
      const edit = await editorNamed("ft-m").edit(model, [cases[0]], { corpus: cases });
      const file = join(folder, "edit.medke");
      await savePack(file, [edit], model);
      const pack = await loadPack(file);
      const again = await applyPack(model, pack);
      expect(bits(await again.logits(cases[0], "no")).equals(bits(await model.with(edit).logits(cases[0], "no")))).to.equal(true); // prettier-ignore
      const refused = await applyPack(single, pack).catch((error: Error) => error);
      expect(refused).to.be.instanceOf(OtherModelError);
    });
  });
});
