import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { editorNamed } from "../../../kernels/editors/index.ts";
import { evaluate } from "../../../kernels/evaluation/evaluate.ts";
import { PROFILE_NAMES } from "../../../kernels/evaluation/profiles/index.ts";
import { withoutTimes } from "../../../kernels/evaluation/without-times.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { runPlan } from "../../../kernels/runs/run.ts";

describe("a stored run with scoring profiles", () => {
  const folder = mkdtempSync(join(tmpdir(), "medke-profiles-"));
  const open = () => loadModel("phantom", { device: "cpu" });
  let model: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    model = await open();
    ({ cases } = await loadCases("phantom/medmkeb", { model, limit: 1 }));
  });
  after(async () => {
    await model.dispose();
    rmSync(folder, { recursive: true });
  });

  async function run(editor: string, profiles: readonly string[], on = model) {
    const report = await runPlan({ cases, profiles, editors: [editorNamed(editor)], folder, models: [{ model: on }] });
    return { ...report, document: withoutTimes(report.evaluations[0]) };
  }

  it("scores again under other profiles, and reads back what is stored in every one of them", async () => {
    const few = await run("oracle", ["medrek"]);
    const all = await run("oracle", PROFILE_NAMES);
    const again = await run("oracle", PROFILE_NAMES);
    expect([few, all, again].map(({ computed, reused }) => [computed, reused])).to.deep.equal([[1, 0], [1, 0], [0, 1]]); // prettier-ignore
    expect(again.document).to.deep.equal(all.document);
    expect(all.document.run.id).not.to.equal(few.document.run.id);
  });

  it("compares another editor with base observations from the folder as with those in memory", async () => {
    const editor = editorNamed("no-op");
    const remembered = await evaluate({ model, editor, cases, profiles: PROFILE_NAMES });
    const other = await open();
    try {
      const stored = await run("no-op", PROFILE_NAMES, other);
      expect(stored.computed).to.equal(1);
      expect(stored.document.rows).to.deep.equal(remembered.rows);
      expect(stored.document.rows.length).to.be.above(PROFILE_NAMES.length);
    } finally {
      await other.dispose();
    }
  });
});
