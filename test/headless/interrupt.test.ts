import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { medke, ownWords } from "./medke.ts";

describe("Ctrl-C in a terminal, which reaches every process", () => {
  const folder = mkdtempSync(join(tmpdir(), "medke-interrupt-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const SLEEPING: [what: string, code: string][] = [
    ["that waits", 'console.log("cell begins");\nawait new Promise((resolve) => setTimeout(resolve, 60_000));'],
    [
      "whose child process gets the signal too",
      'import { spawn } from "node:child_process";\nconst child = spawn("sleep", ["60"]).on("spawn", () => console.log("cell begins"));\nawait new Promise((_, reject) => child.on("exit", (code, signal) => reject(new Error(`ended by ${signal}`))));',
    ],
  ];
  for (const [what, source] of SLEEPING)
    it(`stops a notebook with a cell ${what}: exit code 130, one paragraph, and the notebook as far as it came`, async () => {
      const [path, out] = [join(folder, "sleeping.ipynb"), join(folder, "out.ipynb")];
      const cell = { cell_type: "code", id: "a", metadata: {}, execution_count: null, outputs: [], source };
      writeFileSync(path, JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
      const { code, stdout, stderr } = await medke(["run", path, "--out", out], { interruptAfter: /cell begins/ });
      expect(stderr.trim()).to.equal(`medke: ${path}, Cell 1: stopped on request. Run it again to start over.`);
      expect(code).to.equal(130);
      expect(stdout).to.include("cell begins");
      expect(JSON.parse(readFileSync(out, "utf8")).cells[0].outputs[0].text).to.deep.equal(["cell begins\n"]);
    });
});

describe("Ctrl-C during an evaluation", () => {
  const folder = mkdtempSync(join(tmpdir(), "medke-interrupt-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("stops it with exit code 130 and one paragraph", async () => {
    const { code, stdout, stderr } = await medke(
      ["evaluate", "--editor", "ft-llm", "--limit", "100", "--device", "cpu"],
      { interruptAfter: /phantom on cpu/ },
    );
    expect(ownWords(stderr)).to.match(
      /^medke: [^\n]*stopped (before a case was finished|after \d+ of 100 cases)[^\n]*$/,
    );
    expect(stderr).to.not.match(/\n\s+at /);
    expect(code).to.equal(130);
    expect(stdout).to.equal("");
  });

  it("says how many tests a store keeps, and the same command goes on from there", async () => {
    const store = join(folder, "store");
    const lines = join(folder, "lines.jsonl");
    const command = ["evaluate", "--editor", "no-op", "--limit", "12", "--device", "cpu", "--store", store];
    const first = await medke([...command, "--lines", lines], {
      interruptWhen: () => existsSync(lines) && statSync(lines).size > 0,
    });
    const [, kept, of] =
      /^medke: stopped; (\d+) of (12) tests are kept in .*store\. Run the same again to go on\.$/m.exec(first.stderr) ??
      [];
    expect(first.code, first.stderr).to.equal(130);
    expect([+kept > 0, of]).to.deep.equal([true, "12"]);
    const { code, stderr } = await medke(command);
    expect(code).to.equal(0);
    expect(stderr).to.contain(`${12 - +kept} tests done now and kept, ${kept} found there`);
  });
});

describe("Ctrl-C during other commands", () => {
  const told: [command: string, args: string[], message: string][] = [
    [
      "edit",
      ["edit", "--editor", "ft-all", "--set", "steps=5000,stopBelow=0", "--out", join(tmpdir(), "medke-never.medke")],
      "edit: stopped before the edit was finished; no file was written.",
    ],
    [
      "stats",
      ["stats", "--limit", "5000"],
      "stats: stopped before all texts were read; what was read this time is not kept.",
    ],
  ];
  for (const [command, args, message] of told)
    it(`says of ${command} what was asked for and what is kept, and names no step`, async () => {
      const { code, stdout, stderr } = await medke([...args, "--device", "cpu"], { interruptAfter: /phantom on cpu/ });
      const words = ownWords(stderr).split("\n").at(-1);
      expect(words).to.equal(`medke: ${message} Run the same command again to start over.`);
      expect([code, stdout]).to.deep.equal([130, ""]);
      expect(existsSync(join(tmpdir(), "medke-never.medke"))).to.equal(false);
    });
});
