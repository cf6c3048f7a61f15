import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { rRome } from "../../../kernels/editors/r-rome.ts";
import { corpusOf } from "../../../kernels/editors/statistics/corpus.ts";
import { gatheredStatistics } from "../../../kernels/editors/statistics/gathered-statistics.ts";
import { evaluate, type EvaluateOptions } from "../../../kernels/evaluation/evaluate.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { describeWithShared } from "../../shared-data.ts";
import { loadTinyVlm, TINY_VLM, tinyCases } from "../tiny-vlm.ts";

describeWithShared("evaluate and statistics of keys", TINY_VLM, () => {
  const cache = process.env.XDG_CACHE_HOME;
  let folder: string;
  let model: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    process.env.XDG_CACHE_HOME = folder = mkdtempSync(join(tmpdir(), "medke-evaluate-statistics-"));
    model = await loadTinyVlm();
    cases = await tinyCases(model, 2);
  });
  after(async () => {
    await model?.dispose();
    if (cache === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = cache;
    rmSync(folder, { recursive: true });
  });

  const run = async (options: Partial<EvaluateOptions>) => {
    const evaluation = await evaluate({ model, cases, limit: 1, editor: rRome({ steps: 2 }), ...options });
    return { id: evaluation.run.id, covariance: evaluation.cases[0].edit!.trace!.covariance as string };
  };
  const stored = () => readdirSync(join(folder, "medke", "statistics"));

  it("are gathered from the cases for an editor that takes them, and kept", async () => {
    const { covariance } = await run({});
    expect(covariance).to.match(/^questions of the cases before the edits \(\d+ texts?\); \d+ tokens; [0-9a-f]{16}$/);
    expect(stored()).to.deep.equal([`${covariance.split(" ").at(-1)}.moment`]);
  });

  it("are those that are passed, and name the run", async () => {
    const corpus = corpusOf("mine", [{ question: "is there a fracture?", answer: "no" }]);
    const own = await run({ statistics: gatheredStatistics(model, { corpus }) });
    expect(own.covariance).to.match(/^mine \(1 text\)/);
    expect(own.id).not.to.equal((await run({})).id);
  });

  it("are not gathered where the editor is told to take the identity", async () => {
    const before = stored();
    const editor = rRome({ steps: 2, covariance: "identity" });
    expect((await run({ editor, corpus: cases })).covariance).to.equal("identity");
    expect(stored()).to.deep.equal(before);
  });
});
