import { Worker } from "node:worker_threads";
import { expect } from "chai";
import { BatchThread } from "../../../../../kernels/models/phantom/training/batch-thread.ts";

/** Answers a request with itself, throws on 13 and ends on 0, in the form that serveBatches has. */
const SOURCE = `
  const { parentPort } = require("node:worker_threads");
  parentPort.on("message", ({ id, request }) => {
    if (request === 0) process.exit();
    parentPort.postMessage(request === 13 ? { id, error: "thirteen" } : { id, feeds: { request } });
  });`;

describe("a thread that makes batches", () => {
  const start = () => new BatchThread<number>(new Worker(SOURCE, { eval: true }));
  const failure = (batches: BatchThread<number>, request: number): Promise<Error> =>
    batches.at(request).then(
      () => expect.fail("expected a failure"),
      (error) => error,
    );

  it("gives each request its own batch, and goes on after one that could not be made", async () => {
    const batches = start();
    try {
      const [first, second] = await Promise.all([batches.at(1), batches.at(2)]);
      expect([first, second]).to.deep.equal([{ request: 1 }, { request: 2 }]);
      expect((await failure(batches, 13)).message).to.equal("internal: making a training batch failed: thirteen");
      expect(await batches.at(3)).to.deep.equal({ request: 3 });
    } finally {
      await batches.close();
    }
  });

  it("that has ended refuses what is waited for and every later request", async () => {
    const batches = start();
    expect((await failure(batches, 0)).message).to.match(/thread that makes training batches has ended/);
    expect((await failure(batches, 1)).message).to.match(/has ended/);
    await batches.close();
  });
});
