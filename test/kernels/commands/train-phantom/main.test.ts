import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";

const SCRIPT = resolve(import.meta.dirname, "../../../../kernels/commands/train-phantom/main.ts");

const run = (...args: string[]): Promise<{ code: number | string | null; stdout: string; stderr: string }> =>
  new Promise((done) => {
    const child = execFile(process.execPath, ["--import", "tsx", SCRIPT, ...args], (_, stdout, stderr) =>
      done({ code: child.exitCode ?? child.signalCode, stdout, stderr }),
    );
  });

describe("train:phantom", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "medke-train-main-"))));
  after(() => rmSync(folder, { recursive: true }));

  it("explains its options instead of training", async () => {
    const { code, stdout } = await run("--help", "--out", join(folder, "help"));
    expect(code).to.equal(0);
    for (const name of ["minutes", "seed", "out", "images", "only", "device"]) expect(stdout).to.include(`--${name}`);
    expect(existsSync(join(folder, "help"))).to.equal(false);
  });

  it("answers every mistake in one line that says what to write, before anything is trained", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    const mistakes: [string[], RegExp][] = [
      [["5"], /"5" belongs to no option\. Write --NAME before it: npm run train:phantom/],
      [["--images", "5"], /--images "5" is not a whole number of at least 6/],
      [["--minutes", "0"], /--minutes: "0" is not a number of at least 0\.5/],
      [["--only", "modle"], /did you mean "model"\?/],
      [["--out", join(file, "below")], /--out: .*below cannot be made \(ENOTDIR\)/],
    ];
    for (const [args, message] of mistakes) {
      const out = args.includes("--out") ? [] : ["--out", join(folder, "out")];
      const { code, stderr } = await run(...out, ...args);
      expect(code, `${args.join(" ")}: ${stderr}`).to.equal(1);
      expect(stderr).to.match(message);
      expect(stderr.trim().split("\n"), stderr).to.have.length(1);
    }
    expect(existsSync(join(folder, "out"))).to.equal(false);
  });
});
