import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { CancelledError } from "../../../../../kernels/errors.ts";
import { SETTINGS } from "../../../../../kernels/models/phantom/training/settings.ts";
import { trainPhantom } from "../../../../../kernels/models/phantom/training/train-phantom.ts";
import type { StepProgress } from "../../../../../kernels/models/phantom/training/train-phantom.ts";
import { TrainingPlanError } from "../../../../../kernels/models/phantom/training/training-plan.ts";
import { Runtime } from "../../../../../kernels/runtime/runtime.ts";

const STEPS = { vision: 2, language: 3, wordings: 1 };

describe("training the phantom model", () => {
  let runtime: Runtime;
  let folder: string;
  before(async () => {
    runtime = await Runtime.start("cpu");
    folder = mkdtempSync(join(tmpdir(), "medke-train-"));
  });
  after(async () => {
    await runtime.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it("stopped in the second stage and resumed, gives the bits of an uninterrupted run", async () => {
    const seen: StepProgress[] = [];
    const whole = await trainPhantom(runtime, {
      folder: join(folder, "whole"),
      seed: 4,
      steps: STEPS,
      onStep: (step) => seen.push(step),
    });
    expect(seen.map(({ stage, step }) => `${stage} ${step}`)).to.deep.equal([
      "vision 1",
      "vision 2",
      "language 1",
      "language 2",
      "language 3",
      "wordings 1",
    ]);
    expect(seen.every(({ loss, gradNorm }) => loss > 0 && gradNorm > 0)).to.equal(true);

    const parts = { folder: join(folder, "parts"), seed: 4, steps: STEPS };
    const controller = new AbortController();
    const stopped = trainPhantom(runtime, {
      ...parts,
      signal: controller.signal,
      onStep: ({ stage }) => stage === "language" && controller.abort(),
    });
    expect(await stopped.catch((error: unknown) => error)).to.be.instanceOf(CancelledError);
    const resumed = await trainPhantom(runtime, parts);
    expect(Object.keys(resumed)).to.deep.equal(Object.keys(whole));
    for (const [name, { data }] of Object.entries(whole)) expect(resumed[name].data, name).to.deep.equal(data);

    const stem = await trainPhantom(runtime, { ...parts, until: "vision" });
    expect(Object.keys(stem).filter((name) => !/^(vision_model|dense_head)\./.test(name))).to.deep.equal([]);
  });

  const refusal = async (asked: { seed: number; minutes?: number; steps?: typeof STEPS }) =>
    (await trainPhantom(runtime, { folder: join(folder, "whole"), ...asked }).catch(
      (failure: unknown) => failure,
    )) as Error;

  it("refuses to go on with another seed, other minutes or other steps", async () => {
    expect(await refusal({ seed: 5, steps: STEPS })).to.be.instanceOf(TrainingPlanError);
    expect((await refusal({ seed: 5, steps: STEPS })).message).to.match(/began with seed 4, not 5.*--out/);
    expect((await refusal({ seed: 4, minutes: 3 })).message).to.match(
      /began with the steps of a full run, not 3 minutes/,
    );
    expect((await refusal({ seed: 4, steps: { vision: 2, language: 4, wordings: 1 } })).message).to.match(
      /began with steps/,
    );
  });

  it("scales all stages to a wall time, in the proportion of a full run", async () => {
    const controller = new AbortController();
    let steps = 0;
    const short = trainPhantom(runtime, {
      folder: join(folder, "short"),
      seed: 4,
      minutes: 0.5,
      signal: controller.signal,
      onStep: (step) => {
        steps = step.steps;
        controller.abort();
      },
    });
    expect(await short.catch((error: unknown) => error)).to.be.instanceOf(CancelledError);
    const plan = JSON.parse(readFileSync(join(folder, "short", "plan.json"), "utf8")) as { steps: typeof STEPS };
    expect(steps)
      .to.equal(plan.steps.vision)
      .and.to.be.within(20, SETTINGS.vision.steps - 1);
    // Twenty steps of a stage at least, which on a slow machine are more than its share.
    for (const stage of ["language", "wordings"] as const) {
      const share = (plan.steps.vision / SETTINGS.vision.steps) * SETTINGS[stage].steps;
      if (plan.steps.vision > 20) expect(plan.steps[stage], stage).to.be.closeTo(Math.max(20, share), 1);
    }
  }).timeout(120_000);
});
