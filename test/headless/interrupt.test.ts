import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
  it("stops it with exit code 130 and one paragraph", async () => {
    const { code, stdout, stderr } = await medke(
      ["evaluate", "--editor", "ft-llm", "--limit", "100", "--device", "cpu"],
      { interruptAfter: /phantom on cpu/ },
    );
    expect(ownWords(stderr)).to.match(/^medke: [^\n]*stopped on request\.[^\n]*$/);
    expect(stderr).to.not.match(/\n\s+at /);
    expect(code).to.equal(130);
    expect(stdout).to.equal("");
  });
});
