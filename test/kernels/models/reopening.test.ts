import type { Worker } from "node:worker_threads";
import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import type { Edit } from "../../../kernels/models/edit.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { CancelledError } from "../../../kernels/errors.ts";
import { float32 } from "../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { TINY_VLM, tinyCases } from "../tiny-vlm.ts";
import { lossAt } from "./loss-at.ts";

const SITE = "layers.0.mlp.down_proj";
const edit: Edit = {
  id: "test",
  editor: "test",
  cases: [],
  interventions: [{ kind: "dense", site: SITE, delta: float32(new Float32Array(384 * 128).fill(0.01), [384, 128]) }],
  scope: { kind: "always" },
  provenance: { editor: "test", model: "test", seed: 0, options: {} },
};

describeWithShared("a model that is compiled again", TINY_VLM, () => {
  const workers: Worker[] = [];
  const remember = (worker: Worker) => workers.push(worker);
  before(() => void process.on("worker", remember));
  after(() => void process.off("worker", remember));

  const all = async (model: VisionLanguageModel, [first]: EditCase[]) => {
    const view = model.with(edit);
    const { loss, gradient } = await (await lossAt(view, SITE, first, first.target))();
    return {
      answers: [await model.answer(first), await view.answer(first)],
      scores: [await model.score(first, first.target), await view.score(first, first.target)],
      loss,
      gradient,
    };
  };

  it("gives the same bits after its worker was lost", async () => {
    await using model = await loadModel(shared("models/vqarad-tiny-vlm"), { device: "cpu" });
    const cases = await tinyCases(model, 1);
    const before = await all(model, cases);
    await workers.at(-1)!.terminate();
    expect(await all(model, cases)).to.deep.equal(before);
  });

  it("gives the same bits where memory is so short that every program is closed after its run", async () => {
    await using model = await loadModel(shared("models/vqarad-tiny-vlm"), { device: "cpu" });
    await using tight = await loadModel(shared("models/vqarad-tiny-vlm"), { device: "cpu", memory: 1 });
    const cases = await tinyCases(model, 1);
    expect(await all(tight, cases)).to.deep.equal(await all(model, cases));
  });

  it("stops answering within 100 ms of being told to", async () => {
    await using model = await loadModel(shared("models/vqarad-tiny-vlm"), { device: "cpu" });
    const cases = await tinyCases(model, 1);
    const stop = new AbortController();
    const answers = Array.from({ length: 20 }, () => model.answer(cases[0], { signal: stop.signal }).catch((e) => e));
    await new Promise((resolve) => setTimeout(resolve, 10));
    const raised = performance.now();
    stop.abort();
    for (const error of await Promise.all(answers)) expect(error).to.be.instanceOf(CancelledError);
    expect(performance.now() - raised).to.be.lessThan(100);
    expect(await model.answer(cases[0])).to.be.a("string");
  });
});
