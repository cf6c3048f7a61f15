import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { trainRetrieval } from "../../../../../../kernels/models/phantom/retrieval/training/train-retrieval.ts";
import { Runtime } from "../../../../../../kernels/runtime/runtime.ts";

// Batches differ, so that a loss may rise from one step to the next; over eight it falls by a third.
const STEPS = 8;

describe("training the retrieval encoder", () => {
  let runtime: Runtime;
  let folder: string;
  before(async () => {
    runtime = await Runtime.start("cpu");
    folder = mkdtempSync(join(tmpdir(), "medke-retrieval-"));
  });
  after(async () => {
    await runtime.dispose();
    rmSync(folder, { recursive: true });
  });

  it("lowers the loss, gives the same weights for the same seed, and goes on from what the folder holds", async () => {
    const losses: number[] = [];
    const run = (name: string) =>
      trainRetrieval(runtime, {
        folder: join(folder, name),
        seed: 2,
        // Training from nothing learns too, only later.
        seen: {},
        steps: STEPS,
        onStep: ({ loss }) => losses.push(loss),
      });
    const first = await run("first");
    expect(losses).to.have.length(STEPS);
    expect(losses[STEPS - 1]).to.be.below(0.85 * losses[0]);
    expect(await run("second")).to.deep.equal(first);
    expect(losses.slice(STEPS)).to.deep.equal(losses.slice(0, STEPS));
    expect(await run("first"), "nothing left to do").to.deep.equal(first);
    expect(losses).to.have.length(2 * STEPS);
  }).timeout(300_000);
});
