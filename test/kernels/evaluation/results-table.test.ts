import { expect } from "chai";
import { IncomparableGroupsError } from "../../../kernels/evaluation/comparison/comparison-error.ts";
import { evaluate } from "../../../kernels/evaluation/evaluate.ts";
import type { Evaluation } from "../../../kernels/evaluation/result.ts";
import { formatResults, resultsTable } from "../../../kernels/evaluation/results-table.ts";
import { baseTable, tableCases } from "./table-cases.ts";
import { flood, oracle, TableModel } from "./table-model.ts";

describe("resultsTable", () => {
  const cases = tableCases(4);
  let evaluations: Evaluation[];
  before(async () => {
    const model = new TableModel(baseTable(cases));
    evaluations = [await evaluate({ model, editor: oracle, cases }), await evaluate({ model, editor: flood, cases })];
  });

  it("puts numbers that may be compared side by side, editors in the order given", () => {
    const table = resultsTable(evaluations);
    expect(table.numRows()).to.equal(16);
    const rows = table.objects() as { editor: string; metric: string; profile: string; comparable_group: string }[];
    for (let i = 0; i < 16; i += 2) {
      expect([rows[i].editor, rows[i + 1].editor]).to.deep.equal(["oracle", "flood"]);
      expect(rows[i].comparable_group).to.equal(rows[i + 1].comparable_group);
    }
    expect(table.columnNames()).to.include.members(["value", "base", "n", "lo", "hi"]).and.not.to.include("order");
  });

  it("prints one line per row with value, base, n and interval, and the notice", () => {
    const text = formatResults(evaluations);
    expect(text).to.match(/^table-model · table · single edits · seed 0 · cpu$/m);
    expect(text).to.match(/^oracle +reliability +gen-exact +1\.000 +0\.000 +4 +0\.398 to 1\.000$/m);
    expect(text).to.match(/^flood +image-locality +gen-exact +0\.000 +1\.000 +4 +0\.000 to 0\.602$/m);
    expect(text.split("\n").at(-1)).to.equal(evaluations[0].notice);
    expect(text).not.to.match(/ $/m);
  });

  it("sets numbers to the right, negative ones too", () => {
    const [{ rows }] = evaluations;
    const signed = rows.map((row, i) => ({ ...row, value: i % 2 ? -12.5 : 0.25, base: -0.125 }));
    const lines = formatResults([{ ...evaluations[0], rows: signed }]).split("\n");
    expect(lines[2]).to.match(/ profile +value +base +n /);
    expect(lines[4]).to.match(/ tf-token +0\.250 +-0\.125 /);
    const ends = lines.slice(4, 6).map((line) => /-?\d+\.\d{3}/.exec(line)!).map(({ index, 0: text }) => index + text.length); // prettier-ignore
    expect(ends[0]).to.equal(ends[1]);
  });

  it("adds a column for what differs between the evaluations", () => {
    const text = formatResults([evaluations[0], { ...evaluations[0], model: "other-model" }]);
    expect(text).to.match(/^several models · table/);
    expect(text).to.match(/^other-model +oracle +reliability/m);
  });

  it("marks what was stopped early, and says every notice and warning", () => {
    const [a, b] = evaluations;
    const stopped = { ...b, partial: { tested: 3, of: 10 }, notice: "Another notice.", warnings: ["Mind the gap."] };
    const text = formatResults([a, stopped]);
    expect(text).not.to.contain("· stopped after");
    expect(text.split("\n").slice(-4)).to.deep.equal([
      "‡ flood: stopped after 3 of 10 tests, so these numbers are partial.",
      "Mind the gap.",
      `oracle: ${a.notice}`,
      "flood: Another notice.",
    ]);
    expect(formatResults([stopped])).to.match(/^table-model .* · stopped after 3 of 10 tests$/m);
  });

  it("says so when there is nothing to show", () => expect(formatResults([])).to.equal("No results."));

  it("refuses numbers of different comparable groups under one name", () => {
    const [a, b] = evaluations;
    const other = {
      ...b,
      rows: b.rows.map((row) => ({ ...row, comparable_group: `${row.comparable_group}.elsewhere` })),
    };
    expect(() => formatResults([a, other])).to.throw(IncomparableGroupsError, /are different comparable groups/);
  });
});
