import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { KernelSession } from "../../extension/kernel-session.ts";
import type { CellMessage } from "../../kernels/notebook/client.ts";
import { kernelEntry } from "../../kernels/notebook/kernel-entry.ts";

describe("KernelSession", () => {
  const folder = mkdtempSync(join(tmpdir(), "medke-session-"));
  let session: KernelSession;
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const launch = { cwd: folder, entry: kernelEntry, nodePath: process.execPath, env: {}, reason: "this Node" };
  beforeEach(() => {
    session = new KernelSession(() => Promise.resolve(launch), log);
  });
  afterEach(() => session.dispose());
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function run(code: string) {
    const messages: CellMessage[] = [];
    const outcome = await session.execute(code, { cell: "Cell 1", onMessage: (message) => messages.push(message) });
    return { outcome, messages };
  }
  const ranBefore = async () => (await run("typeof (globalThis as any).ran")).messages;

  it("does not run a cell that was interrupted while the kernel started, and says so", async () => {
    const running = run("(globalThis as any).ran = 1;");
    expect(session.state).to.equal("starting");
    await session.interrupt();
    const { outcome, messages } = await running;
    expect(outcome).to.equal("interrupted");
    expect(messages.map((message) => message.type === "error" && message.error.message)).to.deep.equal([
      "The cell was interrupted while the kernel started. It did not run.",
    ]);
    expect(await ranBefore()).to.have.nested.property("[0].data.text/plain", "'undefined'");
  });

  it("does not run a cell on the kernel of a restart that came while the first one started", async () => {
    const running = run("(globalThis as any).ran = 1;");
    expect(await session.restart()).to.equal(true);
    expect((await running).outcome).to.equal("interrupted");
    expect(await ranBefore()).to.have.nested.property("[0].data.text/plain", "'undefined'");
  });

  it("tells a kernel that cannot start once, and the cell that needed it", async () => {
    const told: string[] = [];
    const broken = new KernelSession(() => Promise.resolve({ ...launch, nodePath: "/no/node" }), log);
    broken.on("fail", (what) => told.push(what));
    const failure = await broken.execute("1", { cell: "Cell 1", onMessage: () => {} }).catch((error: Error) => error);
    expect(told).to.deep.equal([(failure as Error).message]);
    expect(broken.state).to.equal("dead");
    broken.dispose();
  });

  it("knows whether cells have run since the kernel started", async () => {
    expect(session.hasRun).to.equal(false);
    session.nextExecutionOrder();
    expect(session.hasRun).to.equal(true);
    await session.restart();
    expect(session.hasRun).to.equal(false);
  });
});
