import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parquetReadObjects } from "hyparquet";
import { compareCommand } from "../../../kernels/commands/compare.ts";
import type { Command } from "../../../kernels/commands/command.ts";
import type { Evaluation } from "../../../kernels/evaluation/result.ts";
import { tableCommand } from "../../../kernels/commands/table.ts";
import { asEditor, oracleDocument } from "../evaluation/result-documents.ts";
import { runCommand } from "./run-command.ts";

describe("medke table and medke compare", () => {
  const folder = mkdtempSync(join(tmpdir(), "medke-table-"));
  const file = (name: string) => join(folder, name);
  before(async () => {
    const all = await oracleDocument(24);
    writeFileSync(file("all.json"), JSON.stringify(all));
    writeFileSync(file("half.json"), JSON.stringify(asEditor(all, "half", (i) => i % 2 === 0)));
    writeFileSync(file("broken.json"), JSON.stringify(all).slice(0, 500));
  });
  after(() => rmSync(folder, { recursive: true }));
  const failure = (command: Command, ...args: string[]) =>
    runCommand(command, args).then(
      () => "",
      (error: Error) => error.message,
    );

  it("prints Markdown, or writes any format into a file", async () => {
    const files = [file("all.json"), file("half.json")];
    expect(await runCommand(tableCommand, files)).to.match(/^\*\*table-model on table, single edits, seed 0\*\*/);
    await runCommand(tableCommand, [...files, "--format", "parquet", "--out", file("t.parquet")]);
    const bytes = readFileSync(file("t.parquet"));
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
    });
    expect(rows).to.have.length(16);
    await runCommand(tableCommand, [...files, "--format", "latex", "--baseline", "half", "--out", file("t.tex")]);
    expect(readFileSync(file("t.tex"), "utf8")).to.contain("\\toprule");
  });

  it("prints metrics down, aligned, where editors down would not fit a terminal, and obeys what is asked for", async () => {
    const files = [file("all.json"), file("half.json")];
    const tables = (text: string) => text.split("\n").filter((line) => line.startsWith("|"));
    const wide = tables(await runCommand(tableCommand, files));
    expect(wide[0]).to.match(/^\| metric +\| +profile \| +oracle \| +half \| base model \| +n \|$/);
    expect(new Set(wide.map((line) => line.length)).size, "aligned").to.equal(1);
    const few = ["--metrics", "reliability", "--profiles", "gen-exact"];
    expect(tables(await runCommand(tableCommand, [...files, ...few]))[0]).to.match(/^\| editor +\| +reliability<br>/);
    const asked = tables(await runCommand(tableCommand, [...files, "--format", "md"]));
    expect(asked[0]).to.match(/^\| editor \| reliability<br>/);
    expect(wide[0].length).to.be.lessThan(Math.max(...asked.map((line) => line.length)));
    await runCommand(tableCommand, [...files, "--out", file("t.md")]);
    expect(tables(readFileSync(file("t.md"), "utf8"))).to.deep.equal(asked);
  });

  it("lays published tables beside results, or shows them alone", async () => {
    const alone = await runCommand(tableCommand, ["--published", "fgvedit-mscke, fgvedit-cost", "--format", "csv"]);
    expect(alone.split("\n")).to.have.length(1 + 48 + 6);
    expect(await failure(tableCommand, "--published", "fgvedit")).to.match(
      /unknown published table "fgvedit"; did you mean/,
    );
  });

  it("compares in words, and in every long format", async () => {
    const files = [file("all.json"), file("half.json")];
    const text = await runCommand(compareCommand, files);
    expect(text).to.match(
      /^reliability +gen-exact +oracle +half +0\.500 +0\.\d{3} to 0\.\d{3} +mcnemar-exact +0\.0005 +0\.0005 +24 +h 1\.57/m,
    );
    const rows = JSON.parse(await runCommand(compareCommand, [...files, "--format", "json", "--cluster", "case"]));
    expect(rows).to.have.length(8);
  });

  it("fails instead of printing a table of nothing, in every format", async () => {
    const all = JSON.parse(readFileSync(file("all.json"), "utf8")) as Evaluation;
    for (const profile of ["tf-token", "gen-exact"])
      writeFileSync(
        file(`${profile}.json`),
        JSON.stringify({ ...all, rows: all.rows.filter((row) => row.profile === profile) }),
      );
    for (const format of ["text", "csv"])
      expect(await failure(compareCommand, file("tf-token.json"), file("gen-exact.json"), "--format", format)).to.match(
        /^there is nothing to compare\. .*no metric in common, tf-token against gen-exact\. Evaluate both with the same profiles\.$/,
      );
  });

  it("chooses metrics and profiles, turns the table, and refuses to turn rows", async () => {
    const files = [file("all.json"), file("half.json")];
    const chosen = ["--metrics", " reliability,", "--profiles", "gen-exact"];
    const page = await runCommand(tableCommand, [...files, ...chosen, "--transpose"]);
    expect(page).to.contain("| metric | profile | oracle | half | base model | n |\n");
    expect(page.match(/^\| reliability /gm)).to.have.length(1);
    expect(page).not.to.contain("text-generality");
    expect(await failure(tableCommand, ...files, "--transpose", "--format", "csv")).to.match(
      /^--transpose: csv has a row/,
    );
    expect(await failure(tableCommand, ...files, "--metrics", ",")).to.match(/^--metrics: no name is given/);
    expect(await failure(tableCommand, ...files, "--profiles", "gen-exat")).to.contain('did you mean "gen-exact"?');
  });

  it("answers mistakes with what to do", async () => {
    expect(await failure(tableCommand)).to.contain("table takes result files");
    expect(await failure(tableCommand, file("broken.json"))).to.contain("broken JSON");
    expect(await failure(tableCommand, file("all.json"), "--format", "parquet")).to.contain("--out is missing");
    expect(await failure(tableCommand, file("all.json"), "--format", "latx")).to.contain('did you mean "latex"?');
    expect(await failure(tableCommand, file("all.json"), "--out", join(folder, "no", "t.md"))).to.contain(
      "cannot be written",
    );
    expect(await failure(compareCommand, file("all.json"))).to.contain("at least two result files, not 1");
  });
});
