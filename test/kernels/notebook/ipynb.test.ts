import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CellOutputs } from "../../../kernels/notebook/cell-outputs.ts";
import {
  joinLines,
  NotebookFileError,
  readNotebook,
  splitLines,
  writeNotebook,
} from "../../../kernels/notebook/ipynb.ts";

describe("notebook files", () => {
  const folder = mkdtempSync(join(tmpdir(), "medke-test-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content, null, 1) + "\n");
    return path;
  };

  it("are written as they were read, byte for byte, with everything that is unknown to us", () => {
    const path = file("full.ipynb", {
      cells: [
        {
          cell_type: "markdown",
          id: "m",
          metadata: { tags: ["x"] },
          source: ["# Title\n", "text"],
          attachments: { "a.png": { "image/png": "AA==" } },
        },
        {
          cell_type: "code",
          execution_count: 3,
          id: "c",
          metadata: { collapsed: true, vscode: { languageId: "typescript" } },
          outputs: [
            { name: "stdout", output_type: "stream", text: ["1\n", "2"] },
            {
              data: { "application/vnd.medke.metrics.v1+json": { rows: [] }, "image/png": "AA==" },
              metadata: { own: 1 },
              output_type: "display_data",
            },
          ],
          source: "one string",
        },
        { cell_type: "raw", id: "r", metadata: {}, source: [] },
      ],
      metadata: {
        kernelspec: { display_name: "TypeScript", language: "typescript", name: "medke" },
        other: { deep: [1, null] },
      },
      nbformat: 4,
      nbformat_minor: 5,
    });
    const copy = join(folder, "new folder", "copy.ipynb");
    writeNotebook(copy, readNotebook(path));
    expect(readFileSync(copy, "utf8")).to.equal(readFileSync(path, "utf8"));
  });

  it("of format 4.4 get cell ids, unique and always the same", () => {
    const cell = { cell_type: "markdown", metadata: {}, source: "" };
    const path = file("old.ipynb", {
      cells: [cell, { ...cell, id: "cell-1" }, cell],
      metadata: {},
      nbformat: 4,
      nbformat_minor: 4,
    });
    const read = readNotebook(path);
    expect(read.nbformat_minor).to.equal(5);
    expect(read.cells.map(({ id }) => id)).to.deep.equal(["cell-1-2", "cell-1", "cell-3"]);
  });

  it("that are none are refused with the file's name, what is wrong and the next step", () => {
    const base = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };
    const refused: [string, unknown, RegExp][] = [
      ["text.ipynb", "# not JSON", /text\.ipynb: not a notebook \(Unexpected token.*\)\. Open a \.ipynb file\./],
      ["list.ipynb", [], /no "cells"/],
      ["three.ipynb", { ...base, nbformat: 3 }, /format 3 is not supported/],
      ["meta.ipynb", { ...base, metadata: undefined }, /no "metadata"/],
      ["cell.ipynb", { ...base, cells: [{ cell_type: "code" }] }, /cell number 1 is damaged/],
    ];
    for (const [name, content, message] of refused)
      expect(() => readNotebook(file(name, content))).to.throw(NotebookFileError, message);
    expect(() => readNotebook(join(folder, "absent.ipynb"))).to.throw(
      NotebookFileError,
      /absent\.ipynb: the notebook cannot be read/,
    );
  });

  it("hold text as lines that join to the same text", () => {
    for (const text of ["", "\n", "a", "a\n", "a\nb", "\n\nx", "a\r\nb\n"])
      expect(joinLines(splitLines(text))).to.equal(text);
    expect(splitLines("a\nb")).to.deep.equal(["a\n", "b"]);
  });
});

describe("outputs in notebook files", () => {
  it("merge neighbouring texts of one stream, and replace a display in place", () => {
    const collected = new CellOutputs(4);
    const id = "1";
    collected.add({ type: "stream", id, name: "stdout", text: "a" });
    collected.add({ type: "stream", id, name: "stdout", text: "b\nc" });
    collected.add({ type: "stream", id, name: "stderr", text: "d" });
    collected.add({ type: "display", id, data: { "text/plain": "first" }, displayId: "x" });
    collected.add({ type: "stream", id, name: "stdout", text: "e" });
    collected.add({
      type: "display",
      id,
      data: { "image/png": "AA==", "application/json": [1], "image/svg+xml": "<svg>\n</svg>" },
      displayId: "x",
    });
    collected.add({ type: "result", id, data: { "text/plain": "f\ng" } });
    collected.add({
      type: "error",
      id,
      error: { name: "RangeError", message: "no", stack: "RangeError: no\n    at Cell 1, line 1, column 1" },
    });
    collected.add({ type: "error", id, error: { name: "SplitError", message: "alone", stack: "" } });
    expect(collected.outputs).to.deep.equal([
      { output_type: "stream", name: "stdout", text: ["ab\n", "c"] },
      { output_type: "stream", name: "stderr", text: ["d"] },
      {
        output_type: "display_data",
        metadata: {},
        data: { "image/png": "AA==", "application/json": [1], "image/svg+xml": ["<svg>\n", "</svg>"] },
      },
      { output_type: "stream", name: "stdout", text: ["e"] },
      { output_type: "execute_result", execution_count: 4, metadata: {}, data: { "text/plain": ["f\n", "g"] } },
      {
        output_type: "error",
        ename: "RangeError",
        evalue: "no",
        traceback: ["RangeError: no", "    at Cell 1, line 1, column 1"],
      },
      { output_type: "error", ename: "SplitError", evalue: "alone", traceback: ["SplitError: alone"] },
    ]);
  });

  it("take time in proportion to the text, with and without line breaks", () => {
    for (const text of [`${"x".repeat(39)}\n`.repeat(50), "x".repeat(2000)]) {
      const collected = new CellOutputs(1);
      // Of the processor, which other programs take nothing of; a second look at each line for every one before it would take minutes.
      const before = process.cpuUsage();
      for (let i = 0; i < 8000; i++) collected.add({ type: "stream", id: "1", name: "stdout", text });
      const written = JSON.stringify(collected.outputs);
      expect(process.cpuUsage(before).user / 1000).to.be.lessThan(2000);
      const [output] = JSON.parse(written) as [{ text: string[] }];
      expect(output.text.length).to.equal(text.endsWith("\n") ? 400_000 : 1);
      expect(output.text.join("") === text.repeat(8000)).to.equal(true);
    }
  });
});
