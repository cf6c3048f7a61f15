import { expect } from "chai";
import { parseHTML } from "linkedom";
import sharp from "sharp";
import { curveGeometry } from "../../../kernels/display/curve-geometry.ts";
import { curvePanels } from "../../../kernels/display/curve-panels.ts";
import { curvesCsv } from "../../../kernels/display/curves-csv.ts";
import { curvesPayload, curvesPlot } from "../../../kernels/display/curves-plot.ts";
import { curvesSvg } from "../../../kernels/display/curves-svg.ts";
import { curvesText } from "../../../kernels/display/curves-text.ts";
import { CURVES_MIME } from "../../../kernels/display/curves.ts";
import { editorStyle } from "../../../kernels/display/editor-style.ts";
import { MIME_BUNDLE } from "../../../kernels/display/mime.ts";
import { IncomparableRowsError } from "../../../kernels/display/panels.ts";
import { PayloadError } from "../../../kernels/display/payload-shape.ts";
import { readCurves } from "../../../kernels/display/read-curves.ts";
import { evaluate } from "../../../kernels/evaluation/evaluate.ts";
import { curvesFixture } from "../../renderers/fixture.ts";
import { oracleDocument } from "../evaluation/result-documents.ts";
import { baseTable, tableCases } from "../evaluation/table-cases.ts";
import { oracle, TableModel } from "../evaluation/table-model.ts";

const sequential = (protocol = "sequential:1,2,4") => {
  const cases = tableCases(4);
  return evaluate({ model: new TableModel(baseTable(cases)), editor: oracle, cases, protocol });
};

describe("curvesPlot", () => {
  it("draws real evaluations with checkpoints, in four forms, two runs of one editor apart", async () => {
    const [first, second] = [await sequential(), await sequential("sequential:3")];
    const shown = await curvesPlot([first, second], { title: "Two <runs>" })[MIME_BUNDLE]();
    expect(Object.keys(shown)).to.have.members([CURVES_MIME, "image/svg+xml", "image/png", "text/plain"]);
    const payload = readCurves(shown[CURVES_MIME]);
    expect(payload.profile).to.equal("gen-exact");
    expect(new Set(payload.rows.map(({ editor }) => editor)).size).to.equal(2);
    const points = payload.rows.filter(({ metric }) => metric === "reliability");
    expect(points.map(({ edits, n }) => [edits, n])).to.deep.equal([1, 2, 4, 3, 4].map((edits) => [edits, edits]));
    const [, width, height] = /^<svg [^>]*width="(\d+)" height="(\d+)"/.exec(shown["image/svg+xml"] as string)!;
    const png = await sharp(Buffer.from(shown["image/png"] as string, "base64")).metadata();
    expect([png.format, png.width, png.height]).to.deep.equal(["png", 2 * +width, 2 * +height]);
  });

  it("draws one profile, and metrics in the order in which they are named", async () => {
    const evaluation = await sequential();
    const payload = curvesPayload([evaluation], { profile: "tf-token", metrics: ["text-generality", "reliability"] });
    expect(curvePanels(payload.rows).panels.map(({ metric }) => metric)).to.deep.equal([
      "text-generality",
      "reliability",
    ]);
    expect(new Set(payload.rows.map(({ profile }) => profile))).to.deep.equal(new Set(["tf-token"]));
    expect(() => curvesPayload([evaluation], { profile: "gen-exat" })).to.throw('did you mean "gen-exact"?');
  });

  it("refuses evaluations without checkpoints, nothing, and two rows at one checkpoint", async () => {
    const single = await oracleDocument(3);
    expect(() => curvesPayload([single])).to.throw(PayloadError, 'protocol "single", which has no checkpoints');
    expect(() => curvesPayload([])).to.throw(PayloadError, "there are no rows to draw");
    const twice = curvesFixture();
    twice.rows.push(twice.rows[1]);
    expect(() => readCurves(twice)).to.throw(PayloadError, 'editor "ft-llm" has two rows at 10 edits');
  });

  it("lets groups differ in their number of edits and in nothing else", () => {
    expect(curvePanels(curvesFixture().rows).panels[0].comparable_group).to.equal("mm.gen.exact-norm@sequential");
    for (const group of ["mm.gen.other@sequential50", "mm.gen.exact-norm@batch50", "mm.gen.exact-norm@sequential10"]) {
      const mixed = curvesFixture();
      mixed.rows[8].comparable_group = group;
      expect(() => readCurves(mixed)).to.throw(IncomparableRowsError, `"${group}" (grace, gen-exact, edits 50)`);
    }
  });

  it("refuses points that a reader could not trust", () => {
    const bad = (change: object) => {
      const payload = curvesFixture();
      Object.assign(payload.rows[0], change);
      return expect(() => readCurves(payload)).to.throw(PayloadError);
    };
    bad({ edits: 0 }).with.property("message").that.contains("rows[0].edits: expected a count of at least 1, got 0");
    bad({ ci: undefined }).with.property("message").that.contains("rows[0].ci: expected a 95% interval");
    expect(() => readCurves({ version: 2 })).to.throw("made by a newer medke (version 2)");
  });

  it("says in the title what was run, and below a title of one's own", async () => {
    const [first, second] = [await sequential(), { ...(await sequential()), editor: "other", seed: 7 }];
    const facts = `Sequential:1,2,4 edits: ${first.model} on ${first.benchmark}, gen-exact, 4 cases, seed 0`;
    const alone = curvesPayload([first]);
    expect(alone.title).to.equal(facts);
    expect(alone.subtitle)
      .to.contain("all cases edited so far are asked")
      .and.to.match(/; cpu$/);
    expect(curvesPayload([first, second]).title).to.equal(`${facts}, 7`);
    const titled = curvesPayload([first], { title: "My run" });
    expect([titled.title, titled.subtitle]).to.deep.equal(["My run", `${facts}, cpu`]);
    const shorter = { ...first, editor: "short", rows: first.rows.filter(({ edits }) => edits! < 4) };
    expect(curvesPayload([first, shorter]).title).to.contain("gen-exact, 2 to 4 cases, seed 0");
  });

  it("gives an editor the same looks in whatever order results come", () => {
    const payload = curvesFixture();
    const looks = (rows: typeof payload.rows) =>
      Object.fromEntries(curvePanels(rows).panels[0].curves.map(({ editor, look }) => [editor, look]));
    expect(looks(payload.rows)).to.deep.equal({ "ft-llm": 0, grace: 1 });
    expect(looks([...payload.rows].reverse())).to.deep.equal({ "ft-llm": 0, grace: 1 });
    const svg = curvesSvg({ ...payload, rows: [...payload.rows].reverse() });
    expect(
      svg.match(new RegExp(`stroke="${editorStyle(1).line.light}"[^>]*stroke-dasharray="7 3"`, "g")),
    ).to.have.length(3, "grace in the key and two panels");
  });

  it("places checkpoints at equal distances, values from 0 to 1, editors side by side", () => {
    const { panels, checkpoints, editors } = curvePanels(curvesFixture().rows);
    const { columns, lines, curves, bases } = curveGeometry(panels[0], checkpoints, editors.length);
    expect(columns.map(({ label }) => label)).to.deep.equal(["1", "10", "50"]);
    expect(columns[1].x - columns[0].x).to.be.closeTo(columns[2].x - columns[1].x, 0.2);
    expect(lines.map(({ label }) => label)).to.deep.equal(["0.00", "0.25", "0.50", "0.75", "1.00"]);
    expect(curves[0].points[2].y, "0.5 lies half-way").to.equal(lines[2].y);
    expect(curves[1].points[0].x - curves[0].points[0].x).to.be.closeTo(6, 0.2);
    expect(curves[0].points.map(({ whisker }) => whisker !== undefined)).to.deep.equal([false, true, true]);
    expect(bases, "the editors share one base line").to.have.length(1);
  });

  it("keeps ten editors at neighbouring checkpoints apart", () => {
    const [row] = curvesFixture().rows;
    const rows = Array.from({ length: 10 }, (_, i) =>
      [10, 12].map((edits) => ({ ...row, editor: `e${i}`, edits })),
    ).flat();
    for (const each of rows) each.comparable_group = `mm.gen.exact-norm@sequential${each.edits}`;
    const { panels, checkpoints, editors } = curvePanels(rows);
    const { curves } = curveGeometry(panels[0], checkpoints, editors.length);
    const xs = checkpoints.flatMap((_, at) => curves.map(({ points }) => points[at].x));
    for (let i = 1; i < xs.length; i++) expect(xs[i] - xs[i - 1]).to.be.at.least(5);
  });

  it("says every point in words in the picture, keeps markup as text, and holds nothing that runs", () => {
    const payload = curvesFixture();
    payload.title = `<script>alert(1)</script> & "quotes"`;
    const svg = curvesSvg(payload);
    expect(svg).not.to.match(/NaN|undefined|href=/);
    const { document } = parseHTML(`<html><body>${svg}</body></html>`);
    expect(document.querySelectorAll("script")).to.have.length(0);
    const said = [...document.querySelectorAll("path title")].map((title) => title.textContent);
    expect(said).to.have.length(12);
    expect(said).to.include(
      "ft-llm \u00b7 Reliability, 50 edits, value 0.50, 95% interval 0.36 to 0.64, base 0.00, n 50, profile gen-exact, group mm.gen.exact-norm@sequential50",
    );
    expect(said[0]).to.contain("1 edit, value 1.00, 95% interval none, too few values");
  });

  it("writes a table a metric, and what was not measured", () => {
    const payload = curvesFixture();
    payload.rows = payload.rows.filter(({ editor, edits }) => editor === "ft-llm" || edits < 50);
    const lines = curvesText(payload).split("\n");
    const start = lines.indexOf("Reliability");
    expect(lines.slice(start + 1, start + 8)).to.deep.equal([
      "edits in force  1     10                 50",
      "--------------  ----  -----------------  -----------------",
      "ft-llm          1.00  0.90 [0.50, 1.00]  0.50 [0.36, 0.64]",
      "grace           1.00  1.00 [0.69, 1.00]  not measured",
      "--------------  ----  -----------------  -----------------",
      "base model      0.00  0.00               0.00",
      "n               1     10                 50",
    ]);
  });

  it("writes a line a point as CSV, both ends empty where there is no interval", () => {
    const lines = curvesCsv(curvesFixture()).split("\r\n");
    expect(lines[0]).to.equal("editor,metric,profile,comparable_group,edits,value,base,n,ci_low,ci_high");
    expect(lines[1]).to.equal("ft-llm,reliability,gen-exact,mm.gen.exact-norm@sequential1,1,1,0,1,,");
    expect(lines[3]).to.equal("ft-llm,reliability,gen-exact,mm.gen.exact-norm@sequential50,50,0.5,0,50,0.36,0.64");
    expect(lines).to.have.length(14);
  });
});
