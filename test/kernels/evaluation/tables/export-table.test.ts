import { parse } from "csv-parse/sync";
import { expect } from "chai";
import { parquetReadObjects } from "hyparquet";
import { publishedTable } from "../../../../datasets/published/index.ts";
import { compareEditors } from "../../../../kernels/evaluation/comparison/compare-editors.ts";
import { IncomparableGroupsError } from "../../../../kernels/evaluation/comparison/comparison-error.ts";
import type { Evaluation } from "../../../../kernels/evaluation/result.ts";
import { exportComparison, exportTable } from "../../../../kernels/evaluation/tables/index.ts";
import { asEditor, oracleDocument } from "../result-documents.ts";

describe("exportTable", () => {
  let all: Evaluation;
  let weak: Evaluation;
  before(async () => {
    all = await oracleDocument(24);
    weak = asEditor(all, 'weak_50% & "co"', (i) => i % 2 === 0);
  });
  const text = async (...args: Parameters<typeof exportTable>) => (await exportTable(...args)) as string;

  it("csv: a line a number in full precision, read back by another parser", async () => {
    const rows = parse(await text([all, weak], "csv"), { columns: true }) as Record<string, string>[];
    expect(rows).to.have.length(all.rows.length + weak.rows.length);
    expect(rows.map(({ editor }) => editor)).to.include('weak_50% & "co"');
    const own = rows.find(
      ({ editor, metric, profile }) => editor !== "oracle" && metric === "reliability" && profile === "tf-token",
    )!;
    expect(Number(own.value)).to.equal(0.75);
    expect(own).to.include({ origin: "measured", comparable_group: "mm.tf.in-context-label.token-acc", n: "24" });
    expect([Number(own.lo), Number(own.hi)]).to.deep.equal(
      weak.rows.find(({ metric, profile }) => metric === "reliability" && profile === "tf-token")!.ci,
    );
  });

  it("parquet: read back with another library, types and nulls kept", async () => {
    const bytes = (await exportTable([all, weak], "parquet", {
      published: [publishedTable("fgvedit-cost")],
    })) as Uint8Array;
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    const json = JSON.parse(await text([all, weak], "json", { published: [publishedTable("fgvedit-cost")] }));
    expect(rows).to.deep.equal(json);
    expect(rows[0].value).to.be.a("number");
    expect(rows.at(-1)).to.include({
      origin: "reported",
      label: "counterfactual model",
      value: 4.22,
      unit: "G",
      editor: null,
    });
  });

  it("json: measured rows as the documents have them, reported ones with source and conditions", async () => {
    const rows = JSON.parse(await text([all], "json", { published: [publishedTable("fgvedit-mscke")] })) as Record<
      string,
      unknown
    >[];
    expect(rows.filter(({ origin }) => origin === "measured")).to.have.length(all.rows.length);
    const reported = rows.filter(({ origin }) => origin === "reported");
    expect(reported).to.have.length(48);
    for (const row of reported) expect(row).to.include({ mark: "unconfirmed", table: "fgvedit-mscke" });
    expect(reported[0].conditions).to.contain("2,778");
  });

  it("markdown: best in bold, daggers against the best, base and n below, reported tables apart", async () => {
    const page = await text([all, weak], "md", { published: [publishedTable("medmkeb-medtrace")] });
    const lines = page.split("\n");
    const weakLine = lines.find((line) => line.startsWith("| weak"))!;
    expect(weakLine).to.match(/^\| weak\\_50% & "co" \|.* 0\.500† \[0\.\d{3}, 0\.\d{3}\]/);
    expect(lines.find((line) => line.startsWith("| oracle"))).to.contain("**1.000** [0.858, 1.000]");
    expect(page).to.match(/^\| base model \| 0\.500 \|.*\| 0\.000 \|/m);
    expect(page).to.match(/^\| n \| 24/m);
    expect(page).to.contain("†: differs from the best one (p < 0.05".replace("<", "&lt;"));
    expect(page).to.contain(all.notice);
    expect(page.indexOf("**Reported, not measured here:")).to.be.greaterThan(page.indexOf(all.notice));
    expect(page).to.contain("Source: MedTRACE, stage 15 (third party); unconfirmed.");
    // An empty cell stays empty: nothing is filled in.
    expect(page).to.match(/^\| BalancEdit and C\\_NO\\_H \(strict router RC\) \| {2}\| {2}\| 1\.22 \|/m);
    const widths = new Set(
      lines
        .filter((line) => line.startsWith("|"))
        .slice(0, 6)
        .map((line) => line.split("|").length),
    );
    expect(widths.size, "every row has as many cells as its head").to.equal(1);
  });

  it("puts daggers against a named baseline, and none where editors do not differ", async () => {
    const page = await text([all, weak], "md", { baseline: 'weak_50% & "co"' });
    expect(page.split("\n").find((line) => line.startsWith("| oracle"))).to.contain("**1.000**†");
    const same = await text([all, { ...all, editor: "twin" }], "md");
    expect(
      same
        .split("\n")
        .filter((line) => line.startsWith("| "))
        .join(),
    ).not.to.contain("†");
    expect(same, "where all agree, none is best").not.to.match(/\*\*1\.000\*\*|Bold/);
    const tie = await text([all, { ...all, editor: "twin" }, weak], "md", { metrics: ["reliability"] });
    expect(tie.match(/\*\*1\.000\*\*/g), "two best ones of three").to.have.length(4);
    const alone = await text([all], "md");
    expect(alone).not.to.match(/\*\*1\.000\*\*/);
    let message = "";
    await exportTable([all, weak], "md", { baseline: "oracl" }).catch((error: Error) => (message = error.message));
    expect(message).to.contain('unknown baseline "oracl"; did you mean "oracle"?');
  });

  it("latex: booktabs, profiles over their metrics, specials escaped, braces and columns even", async () => {
    const page = await text([all, weak], "latex", { published: [publishedTable("mediconfusion-leaderboard")] });
    for (const rule of ["\\toprule", "\\midrule", "\\bottomrule", "\\cmidrule(lr){2-5}", "\\cmidrule(lr){6-9}"])
      expect(page).to.contain(rule);
    expect(page).to.contain("weak\\_50\\% \\& ''co''");
    expect(page).to.contain("\\textbf{1.000}");
    expect(page).to.contain("0.500$^{\\dagger}$ {\\scriptsize [");
    expect(page).to.contain("\\multicolumn{4}{c}{gen-exact}");
    expect(page).to.contain("59.09 to 59.94");
    const bare = page.replace(/\\[{}]/g, "");
    expect(bare.match(/\{/g)!.length).to.equal(bare.match(/\}/g)!.length);
    const begins = [...page.matchAll(/\\begin\{(\w+)\}/g)].map(([, name]) => name);
    const ends = [...page.matchAll(/\\end\{(\w+)\}/g)].map(([, name]) => name);
    expect(begins).to.deep.equal(["table", "tabular", "table", "tabular"]);
    expect(ends).to.deep.equal(["tabular", "table", "tabular", "table"]);
    for (const [, columns, body] of page.matchAll(/\\begin\{tabular\}\{(\w+)\}([\s\S]*?)\\end\{tabular\}/g))
      for (const line of body.split("\n").filter((each) => each.trimEnd().endsWith("\\\\"))) {
        const spans = [...line.matchAll(/\\multicolumn\{(\d+)\}/g)].reduce((sum, [, n]) => sum + Number(n) - 1, 0);
        expect(line.replaceAll("\\&", "").split("&").length + spans, line).to.equal(columns.length);
      }
    const plainPercent = page.split("\n").filter((line) => !line.startsWith("%") && /(^|[^\\])%/.test(line));
    expect(plainPercent, "a bare percent sign would comment the rest out").to.deep.equal([]);
  });

  it("shows the metrics and profiles that are asked for, in that order, in every format", async () => {
    const chosen = { metrics: ["image-locality", "reliability"], profiles: ["gen-exact"] };
    const page = await text([all, weak], "md", chosen);
    expect(page).to.contain("| editor | image-locality<br>gen-exact | reliability<br>gen-exact |");
    const rows = parse(await text([all, weak], "csv", chosen), { columns: true }) as Record<string, string>[];
    expect(rows.map(({ metric, profile }) => `${metric} ${profile}`)).to.deep.equal([
      ...Array<string>(2).fill("image-locality gen-exact"),
      ...Array<string>(2).fill("reliability gen-exact"),
    ]);
    let message = "";
    await exportTable([all], "csv", { metrics: ["reliabilty"] }).catch((error: Error) => (message = error.message));
    expect(message).to.contain('"reliabilty"; did you mean "reliability"?');
  });

  it("turns a table round: metrics down, editors across", async () => {
    const page = await text([all, weak], "md", { transpose: true });
    expect(page).to.contain('| metric | profile | oracle | weak\\_50% & "co" | base model | n |');
    expect(page).to.match(
      /^\| reliability \| gen-exact \| \*\*1\.000\*\* \[.*\] \| 0\.500† \[.*\] \| 0\.000 \| 24 \|$/m,
    );
    const latex = await text([all, weak], "latex", { transpose: true });
    expect(latex).to.contain("\\begin{tabular}{llrrrr}");
    const lines = latex.split("\n").filter((line) => line.trimEnd().endsWith("\\\\"));
    expect(lines).to.have.length(1 + all.rows.length);
    for (const line of lines) expect(line.replaceAll("\\&", "").split("&"), line).to.have.length(6);
  });

  it("marks a result that was stopped early, in print and in data, and says every notice", async () => {
    const stopped = { ...weak, partial: { tested: 7, of: 24 }, notice: "Another notice." };
    for (const transpose of [false, true]) {
      const page = await text([all, stopped], "md", { transpose });
      expect(page).to.contain('weak\\_50% & "co" ‡ |');
      expect(page).to.contain('‡ weak\\_50% & "co": stopped after 7 of 24 tests, so these numbers are partial.');
      expect(page).to.contain(`_oracle: ${all.notice}_`).and.to.contain('_weak\\_50% & "co": Another notice._');
      expect(await text([all, stopped], "latex", { transpose })).to.contain("''co'' $^{\\ddagger}$ &");
    }
    const rows = JSON.parse(await text([all, stopped], "json")) as Record<string, unknown>[];
    for (const { editor, partial_tested, partial_of } of rows)
      expect([partial_tested, partial_of]).to.deep.equal(editor === "oracle" ? [null, null] : [7, 24]);
  });

  it("prints a value without interval where there is none", async () => {
    const bare = { ...all, rows: all.rows.map((row) => ({ ...row, value: 0.5, ci: null })) };
    const page = await text([bare], "md");
    expect(page)
      .to.match(/^\| oracle \| 0\.500 \| 0\.500 \|/m)
      .and.to.contain("Without an interval");
    expect(await text([bare], "latex")).to.match(/oracle & 0\.500 & 0\.500 &/);
    const [row] = parse(await text([bare, all], "csv"), { columns: true }) as Record<string, string>[];
    expect([row.value, row.lo, row.hi]).to.deep.equal(["0.5", "", ""]);
  });

  it("makes a table for each model, benchmark and protocol, and refuses to mix groups in a column", async () => {
    const page = await text([all, { ...all, model: "other" }], "md");
    expect(page.match(/^\*\*.* edits, seed 0\*\*$/gm)).to.have.length(2);
    const other = structuredClone(weak);
    for (const row of other.rows) row.comparable_group = "mm.other";
    let failure: unknown;
    await exportTable([all, other], "latex").catch((error) => (failure = error));
    expect(failure).to.be.instanceOf(IncomparableGroupsError);
    // Long formats keep both: every row names its group.
    expect(await text([all, other], "csv")).to.contain("mm.other");
  });

  it("says infinity in words where JSON has no number for it", async () => {
    const comparison = compareEditors([all, weak]);
    const rows = JSON.parse((await exportComparison(comparison, "json")) as string) as Record<string, unknown>[];
    expect(rows.find(({ test }) => test === "mcnemar-exact")).to.include({ a: "oracle", odds_ratio: "Infinity" });
  });
});
