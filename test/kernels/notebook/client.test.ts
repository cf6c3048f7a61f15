import { expect } from "chai";
import { KernelClient } from "../../../kernels/notebook/client.ts";
import { kernelEntry } from "../../../kernels/notebook/kernel-entry.ts";
import { KernelStartError } from "../../../kernels/notebook/kernel-process.ts";
import { TestKernel } from "./with-kernel.ts";

describe("KernelClient", () => {
  const kernel = new TestKernel();
  before(() => kernel.start());
  after(() => kernel.stop());

  it("tells a crash with the cell and the reason, drops waiting cells, and starts anew for the next one", async () => {
    const crash = new Promise<string>((resolve) => kernel.client.once("crash", resolve));
    await kernel.run("let a = 1");
    const [ran, waiting] = await Promise.all([kernel.run("process.exit(3)", "Cell 2"), kernel.run("a")]);
    expect([ran.outcome, ran.error?.name]).to.deep.equal(["error", "KernelDied"]);
    expect(ran.error?.message).to.match(
      /^The kernel process ended while Cell 2 ran \(exit code 3\)\. All variables are lost/,
    );
    expect(waiting.outcome).to.equal("interrupted");
    expect(await crash).to.equal(ran.error?.message);
    expect((await kernel.run("typeof a")).error?.message).to.include("(TS2304)");
    expect((await kernel.run("2 + 2")).result).to.equal("4");
  });

  it("repeats the last words of a process that was aborted", async () => {
    const ran = await kernel.run(
      'require("node:fs").writeSync(2, "out of luck\\n"); process.kill(process.pid, "SIGKILL"); await new Promise(() => {})',
    );
    expect(ran.error?.message).to.match(/signal SIGKILL; its last words: out of luck\)/);
  });

  it("forgets everything at a restart", async () => {
    await kernel.run("let b = 1");
    const ready = new Promise((resolve) => kernel.client.once("ready", resolve));
    const running = kernel.run("await new Promise(() => {})");
    await kernel.client.restart();
    expect((await running).outcome).to.equal("interrupted");
    expect(await ready).to.include({ node: process.version, typescript: "5.9.3" });
    expect((await kernel.run("b")).error?.message).to.include("(TS2304)");
  });

  it("hands text that bypasses the streams to the log", async () => {
    const logged = new Promise<string>((resolve) => kernel.client.once("log", resolve));
    await kernel.run('require("node:fs").writeSync(1, "native text");');
    expect(await logged).to.equal("native text");
  });

  it("says what is wrong where no kernel starts", async () => {
    const failure = async (options: { entry?: string; cwd?: string; nodePath?: string }) => {
      try {
        (await KernelClient.start({ cwd: kernel.folder, entry: kernelEntry, ...options })).dispose();
      } catch (error) {
        return error;
      }
    };
    for (const options of [{ entry: "/no/kernel.js" }, { cwd: "/no/folder" }, { nodePath: "/no/node" }])
      expect(await failure(options)).to.be.instanceOf(KernelStartError);
    kernel.put("broken.mjs", 'throw new Error("not a kernel");');
    expect(String(await failure({ entry: `${kernel.folder}/broken.mjs` }))).to.match(
      /did not start: exit code 1.*not a kernel/s,
    );
  });

  it("tells a cell why no new process started after a crash, instead of ending it without a word", async () => {
    kernel.put(
      "dies-at-second-start.mjs",
      `import { existsSync, writeFileSync } from "node:fs";
      if (existsSync("started")) throw new Error("no second life");
      writeFileSync("started", "");
      process.on("message", () => process.exit(3));
      process.send({ type: "ready", versions: { medke: "0", node: "0", typescript: "0" } });`,
    );
    const other = await KernelClient.start({ cwd: kernel.folder, entry: `${kernel.folder}/dies-at-second-start.mjs` });
    const run = (cell: string) => other.execute("1", { cell, onMessage: () => {} }).catch((error: unknown) => error);
    expect(await run("Cell 1")).to.equal("error");
    for (const answer of await Promise.all([run("Cell 2"), run("Cell 3")])) {
      expect(answer).to.be.instanceOf(KernelStartError);
      expect(String(answer)).to.match(/did not start: exit code 1.*no second life/s);
    }
    expect(other.busy).to.equal(false);
    other.dispose();
  });

  it("drops a cell that waits for its process when it is interrupted", async () => {
    const other = await KernelClient.start({ cwd: kernel.folder, entry: kernelEntry });
    const restarted = other.restart();
    const waiting = other.execute("1", { cell: "Cell 1", onMessage: () => {} });
    await other.interrupt();
    expect(await waiting).to.equal("interrupted");
    await restarted;
    other.dispose();
  });

  it("refuses cells after it was closed, and ends those that ran", async () => {
    const other = await KernelClient.start({ cwd: kernel.folder, entry: kernelEntry });
    const running = other.execute("await new Promise(() => {})", { cell: "Cell 1", onMessage: () => {} });
    await new Promise((resolve) => setTimeout(resolve, 50));
    other.dispose();
    expect(await running).to.equal("interrupted");
    const refused = await other.execute("1", { cell: "Cell 2", onMessage: () => {} }).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(KernelStartError);
  });
});
