import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { evaluateCommand } from "../../../kernels/commands/evaluate.ts";
import { requireWritable } from "../../../kernels/runs/require-writable.ts";
import { RunStoreError } from "../../../kernels/runs/run-store-error.ts";
import { runCommand } from "../commands/run-command.ts";

describe("a run folder", () => {
  let root: string;
  before(() => (root = mkdtempSync(join(tmpdir(), "medke-writable-"))));
  after(() => rmSync(root, { recursive: true }));

  it("is made with those above it, and nothing is left in it", () => {
    const folder = join(root, "a", "b");
    for (let i = 0; i < 2; i++) requireWritable(folder);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it("that cannot be is refused, with the reason", () => {
    writeFileSync(join(root, "file"), "");
    for (const folder of [join(root, "file"), join(root, "file", "below")])
      expect(() => requireWritable(folder)).to.throw(RunStoreError, /cannot be written \(E.*choose another folder/);
  });

  // Node's own recursive mkdir never returns there.
  if (existsSync("/proc/self"))
  it("in a file system that takes none is refused at once, before the model is loaded", async () => {
    const args = ["--editor", "no-op", "--model", "no-such-model", "--store", "/proc/no-such/store"];
    const error = await runCommand(evaluateCommand, args).catch((error: Error) => error);
    expect(error).to.be.instanceOf(RunStoreError);
    expect((error as Error).message).to.match(/^run folder \/proc\/no-such\/store: it cannot be written \(ENOENT/);
  }); // prettier-ignore
});
