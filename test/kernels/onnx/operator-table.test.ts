import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "chai";
import { describeWithShared } from "../../shared-data.ts";
import { operatorRows, operatorTable, writtenTable } from "./operator-table.ts";

const README = resolve(import.meta.dirname, "../../../kernels/onnx/README.md");
const written = () => writtenTable(readFileSync(README, "utf8"));
const STALE = "the table is stale: run node --import tsx test/kernels/onnx/write-operator-table.ts";
const withoutTests = (line: string) => line.split(" | ").slice(0, 2).join(" | ");

describe("the operator table of the README", () => {
  it("lists every operator of the registries with what becomes of it", () => {
    const lines = written().split("\n").slice(2).map(withoutTests);
    const rows = operatorTable(operatorRows()).split("\n").slice(2).map(withoutTests);
    expect(lines, STALE).to.deep.equal(rows);
  });

  it("names each operator once", () => {
    const operators = operatorRows().map((row) => row.operator);
    expect(new Set(operators).size).to.equal(operators.length);
  });
});

describeWithShared("the operator table of the README, with the test data", ["models/tiny-families"], () => {
  it("says which families each operator is tested on", () => {
    expect(written(), STALE).to.equal(operatorTable());
  });
});
