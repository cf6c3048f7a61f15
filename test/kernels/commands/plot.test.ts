import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import sharp from "sharp";
import { plotCommand } from "../../../kernels/commands/plot.ts";
import { evaluate } from "../../../kernels/evaluation/evaluate.ts";
import { asEditor, oracleDocument } from "../evaluation/result-documents.ts";
import { baseTable, tableCases } from "../evaluation/table-cases.ts";
import { oracle, TableModel } from "../evaluation/table-model.ts";
import { runCommand } from "./run-command.ts";

describe("medke plot", () => {
  const folder = mkdtempSync(join(tmpdir(), "medke-plot-"));
  const file = (name: string) => join(folder, name);
  before(async () => {
    const all = await oracleDocument(8);
    writeFileSync(file("all.json"), JSON.stringify(all));
    writeFileSync(file("half.json"), JSON.stringify(asEditor(all, "half", (i) => i % 2 === 0)));
    const cases = tableCases(4);
    const model = new TableModel(baseTable(cases));
    const sequence = await evaluate({ model, editor: oracle, cases, protocol: "sequential:1,2" });
    writeFileSync(file("sequence.json"), JSON.stringify(sequence));
    writeFileSync(file("other.json"), JSON.stringify({ ...sequence, editor: "other" }));
  });
  after(() => rmSync(folder, { recursive: true }));
  const plot = (...args: string[]) => runCommand(plotCommand, args);
  const failure = (...args: string[]) =>
    plot(...args).then(
      () => "",
      (error: Error) => error.message,
    );

  it("draws single runs as bars, all profiles or one", async () => {
    const files = [file("all.json"), file("half.json")];
    await plot(...files, "--out", file("bars.svg"), "--title", "Two editors");
    const svg = readFileSync(file("bars.svg"), "utf8");
    expect(svg)
      .to.contain("<title>Two editors</title>")
      .and.to.contain("tf-token: share")
      .and.to.contain(">half</text>");
    await plot(...files, "--out", file("bars.csv"), "--profile", "gen-exact", "--metrics", "reliability");
    const lines = readFileSync(file("bars.csv"), "utf8").trimEnd().split("\r\n");
    expect(lines.map((line) => line.split(",").slice(0, 3).join())).to.deep.equal([
      "editor,metric,profile",
      "oracle,reliability,gen-exact",
      "half,reliability,gen-exact",
    ]);
  });

  it("draws sequential runs as curves: picture, numbers, or text without a file", async () => {
    const files = [file("sequence.json"), file("other.json")];
    await plot(...files, "--out", file("curves.PNG"));
    expect((await sharp(file("curves.PNG")).metadata()).format).to.equal("png");
    await plot(...files, "--out", file("curves.csv"), "--metrics", "reliability");
    const lines = readFileSync(file("curves.csv"), "utf8").trimEnd().split("\r\n");
    expect(lines[0]).to.contain("comparable_group,edits,value");
    expect(lines).to.have.length(1 + 2 * 3);
    expect(await plot(...files)).to.match(/^edits in force +1 +2 +4/m);
  });

  it("answers mistakes with what to do", async () => {
    expect(await failure()).to.contain("plot takes result files");
    expect(await failure(file("all.json"), "--out", file("x.svgg"))).to.contain('did you mean ".svg"?');
    expect(await failure(file("all.json"), "--metrics", ",")).to.match(/^--metrics: no name is given/);
    expect(await failure(file("all.json"), "--profile", "gen-exat")).to.contain('did you mean "gen-exact"?');
    expect(await failure(file("sequence.json"), file("all.json"))).to.contain(
      '"oracle" was evaluated with protocol "single", which has no checkpoints',
    );
    expect(await failure(file("all.json"), "--out", join(folder, "no", "t.svg"))).to.contain("cannot be written");
  });
});
