import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { CancelledError } from "../../../../../kernels/errors.ts";
import { trainPhantom, TrainingPlanError } from "../../../../../kernels/models/phantom/training/train-phantom.ts";
import type { StepProgress } from "../../../../../kernels/models/phantom/training/train-phantom.ts";
import { Runtime } from "../../../../../kernels/runtime/runtime.ts";

const STEPS = { vision: 2, language: 2, again: 1 };

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
      "again 1",
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
  });

  it("refuses to go on with another seed", async () => {
    const other = trainPhantom(runtime, { folder: join(folder, "whole"), seed: 5, steps: STEPS });
    const error = (await other.catch((failure: unknown) => failure)) as Error;
    expect(error).to.be.instanceOf(TrainingPlanError);
    expect(error.message).to.match(/began with seed 4, not 5/);
  });
});
