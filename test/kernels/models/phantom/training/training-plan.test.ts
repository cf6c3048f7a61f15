import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { perStage } from "../../../../../kernels/models/phantom/training/batch-protocol.ts";
import { SETTINGS } from "../../../../../kernels/models/phantom/training/settings.ts";
import { planOf, TrainingPlanError } from "../../../../../kernels/models/phantom/training/training-plan.ts";

const unasked = () => expect.fail("nothing to measure");

describe("the plan of a training", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "medke-plan-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is a full run's, or what fits into the minutes, and is not measured again", async () => {
    const full = await planOf({ folder, seed: 1 }, unasked);
    expect(full.steps).to.deep.equal(perStage((stage) => SETTINGS[stage].steps));
    rmSync(join(folder, "plan.json"));
    const steps = { vision: 40, language: 30, wordings: 20 };
    expect((await planOf({ folder, seed: 1, minutes: 2 }, async () => steps)).steps).to.deep.equal(steps);
    expect((await planOf({ folder, seed: 1, minutes: 2 }, unasked)).steps).to.deep.equal(steps);
  });

  it("that is broken, or of a version with other stages, is refused and left as it is", async () => {
    for (const [text, reason] of [
      ["{", /plan\.json: no training can go on from this plan .*--out/],
      ['{"seed":1,"steps":{"vision":5,"language":5}}', /no steps of the stage "wordings"/],
    ] as const) {
      writeFileSync(join(folder, "plan.json"), text);
      const error = (await planOf({ folder, seed: 1 }, unasked).catch((failure: unknown) => failure)) as Error;
      expect(error).to.be.instanceOf(TrainingPlanError);
      expect(error.message).to.match(reason);
      expect(readFileSync(join(folder, "plan.json"), "utf8")).to.equal(text);
    }
  });
});
