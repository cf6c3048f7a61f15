import { createHash } from "node:crypto";
import { expect } from "chai";
import {
  figuresOf,
  notFound,
  publishedTable,
  publishedTables,
  publishedText,
} from "../../../datasets/published/index.ts";
import { UnknownNameError } from "../../../kernels/errors.ts";

const figures = publishedTables.flatMap(figuresOf);

describe("published results", () => {
  it("holds every table with the counts of rows and figures that its source prints", () => {
    const counts = publishedTables.map((table) => `${table.id} ${table.rows.length} ${figuresOf(table).length}`);
    expect(counts).to.deep.equal(COUNTS);
    expect(figures).to.have.length(493);
  });

  it("holds the figures as they were transcribed (checksum of table, row, column, unit, value and mark)", () => {
    const lines = figures.map((each) =>
      [
        each.table,
        each.label,
        each.setting ?? "",
        each.column,
        each.unit,
        publishedText(each),
        each.mark,
        each.comparable_group ?? "",
      ].join("|"),
    );
    expect(createHash("sha256").update(lines.join("\n")).digest("hex")).to.equal(CHECKSUM);
  });

  it("names source, conditions and unit of every figure, and only columns that the table has", () => {
    expect(new Set(publishedTables.map(({ id }) => id)).size).to.equal(publishedTables.length);
    for (const table of publishedTables) {
      const columns = table.columns.map(({ id }) => id);
      for (const row of table.rows) {
        expect(columns, `${table.id}, ${row.label}`).to.include.members(Object.keys(row.cells));
        expect(columns).to.include.members(row.assumed ?? []);
      }
      expect(new Set(table.rows.map(({ label, setting }) => `${label}|${setting}`)).size).to.equal(table.rows.length);
    }
    for (const each of figures) {
      expect(each.source, each.table).to.match(/\w/);
      expect(each.conditions, each.table).to.match(/\w/);
      expect(each.unit, each.table).to.match(/\S/);
    }
  });

  it("MediConfusion: percentages are those of the counts, and individual accuracy follows from them", () => {
    const percent = (share: number) => (100 * share).toFixed(2);
    for (const { label, cells } of publishedTable("mediconfusion-leaderboard").rows) {
      const { set, confusion, set_count, confused, valid, individual } = cells as Record<string, number>;
      expect(percent(set_count / 176), label).to.equal(set.toFixed(2));
      expect(percent(confused / valid), label).to.equal(confusion.toFixed(2));
      // A right pair has two right answers, a confused one exactly one; a pair with an invalid answer none or one.
      const least = (2 * set_count + confused) / 352;
      const range = typeof individual === "number" ? [individual, individual] : Object.values(individual as object);
      expect(
        range.map((each) => each.toFixed(2)),
        label,
      ).to.deep.equal([percent(least), percent(least + (176 - valid) / 352)]);
    }
  });

  it("gives a comparable group only where the scoring is stated, and none to a row scored otherwise", () => {
    const grouped = figures.filter(({ comparable_group }) => comparable_group);
    expect(new Set(grouped.map(({ table }) => table))).to.deep.equal(new Set(["fgvedit-mscke"]));
    expect(grouped.some(({ label }) => label === "IKE")).to.equal(false);
    expect(grouped).to.have.length(5 * 2 * 4);
  });

  it("lets the weakest mark hold", () => {
    const marks = (id: string) =>
      figuresOf(publishedTable(id)).map(({ label, column, mark }) => `${label} ${column} ${mark}`);
    expect(marks("mediconfusion-superseded")).to.include.members([
      "Gemini 2.0 Pro set reported",
      "Gemini 2.0 Pro individual derived",
      "RadFM set unconfirmed",
    ]);
    expect(new Set(figuresOf(publishedTable("fgvedit-mscke")).map(({ mark }) => mark))).to.deep.equal(
      new Set(["unconfirmed"]),
    );
  });

  it("prints ranges, counts, approximations and assumptions as such", () => {
    const text = (table: string, label: string, column: string, at = 0) =>
      publishedText(figuresOf(publishedTable(table)).filter((f) => f.label === label && f.column === column)[at]);
    expect(text("mediconfusion-leaderboard", "GPT o1 (20241217)", "individual")).to.equal("59.09 to 59.94");
    expect(text("mediconfusion-leaderboard", "GPT-4o (20240513)", "valid")).to.equal("176*");
    expect(text("medmkeb-liveedit-med", "LiveEdit-Med", "safety")).to.equal("27 of 40");
    expect(text("mirage", "sequential edits", "collapse_at")).to.equal("about 1000");
  });

  it("offers the nearest table for a misspelt one, and says what was not found", () => {
    expect(() => publishedTable("fgvedit-msck")).to.throw(UnknownNameError, /did you mean "fgvedit-mscke"/);
    expect(notFound.map(({ source }) => source)).to.include.members(["MedMKEB", "MedREK", "VLKEB"]);
  });
});

/** Table, rows, figures. */
const COUNTS = [
  "medmkeb-medtrace 6 31",
  "medmkeb-medtrace-attacks 1 5",
  "medmkeb-medtrace-base-correct 1 2",
  "medmkeb-medtrace-memory 4 4",
  "medmkeb-liveedit-med 2 3",
  "medmkeb-alphaedit-llava-med 3 8",
  "medmkeb-dsca 1 2",
  "medlasa-medfe 3 8",
  "fgvedit-mscke 12 48",
  "fgvedit-fusion 3 6",
  "fgvedit-router-transfer 3 6",
  "fgvedit-cost 3 6",
  "mediconfusion-leaderboard 17 102",
  "mediconfusion-superseded 4 6",
  "mediconfusion-later 3 3",
  "vlkeb-mend-blip2 2 5",
  "easyedit-mend-not-loaded 1 2",
  "unike 1 3",
  "de-vqa 1 1",
  "mirage 3 3",
  "vlkeb-checkpoints 5 5",
  "easyedit-zsre 7 28",
  "easyedit-knowedit 48 168",
  "easyedit-memory 38 38",
];
const CHECKSUM = "ce08b3391aa0196af95447e371ff8e56ea2e216470b8aa0964371f2462f9b063";
