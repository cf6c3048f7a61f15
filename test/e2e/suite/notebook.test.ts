import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import * as vscode from "vscode";
import { failingCell, openCells, runCell, showing, startCell, until } from "./notebook-driver.ts";

const workspace = () => vscode.workspace.workspaceFolders![0]!.uri.fsPath;
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

describe("notebooks in VS Code", () => {
  it("come from the installed package", () => {
    const extension = vscode.extensions.getExtension("medke.medke");
    expect(extension?.extensionPath).to.contain("medke.medke-");
  });

  it("run from top to bottom without a kernel being chosen, and save streams, values, pictures and the kernel's name", async () => {
    const cells = [
      'console.log("first"); console.error("second"); 41 + 1',
      `display({ "image/png": "${PIXEL}", "text/plain": "a pixel" })`,
    ].map((source, i) => ({
      cell_type: "code",
      id: `cell-${i}`,
      execution_count: null,
      metadata: {},
      outputs: [],
      source: [source],
    }));
    const metadata = {
      kernelspec: { name: "tslab", display_name: "TypeScript", language: "typescript" },
      language_info: { name: "typescript" },
    };
    const file = join(workspace(), "saved.ipynb");
    writeFileSync(file, JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));

    const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(file));
    await vscode.window.showNotebookDocument(notebook);
    void vscode.commands.executeCommand("notebook.execute");
    await until("end of the last cell", () => notebook.cellAt(1).executionSummary?.success);
    await until("the kernel's name", () => notebook.metadata["metadata"]?.kernelspec?.name === "medke");
    await notebook.save();

    const saved = JSON.parse(readFileSync(file, "utf8"));
    expect(saved.metadata.kernelspec).to.deep.equal({
      name: "medke",
      display_name: "TypeScript (medke)",
      language: "typescript",
    });
    const [first, second] = saved.cells;
    expect(first).to.include({ id: "cell-0", execution_count: 1 });
    expect(
      first.outputs.map((output: { name?: string; output_type: string }) => output.name ?? output.output_type),
    ).to.have.members(["stdout", "stderr", "execute_result"]);
    const value = first.outputs.find((output: { output_type: string }) => output.output_type === "execute_result");
    expect(value).to.include({ execution_count: 1 });
    expect(value.data["text/plain"].join("")).to.equal("42");
    expect(second.outputs[0]).to.include({ output_type: "display_data" });
    expect(second.outputs[0].data["image/png"].replaceAll("\n", "")).to.equal(PIXEL);
  });

  it("see the types of earlier cells, and refuse a cell with a type error", async () => {
    const notebook = await openCells("const scan = { slices: 20 };", "scan.slices + 1", "scan.frames");
    await runCell(notebook, 0);
    expect(await runCell(notebook, 1)).to.equal("21");
    expect(await failingCell(notebook, 2))
      .to.contain("frames")
      .and.to.contain("2339");
  });

  it("show an error with the cell's own line", async () => {
    const notebook = await openCells('const one = 1;\nthrow new RangeError("too wide");');
    expect(await failingCell(notebook, 0))
      .to.match(/RangeError: too wide/)
      .and.to.match(/line 2/);
  });

  it("stop at the first cell that fails", async () => {
    const notebook = await openCells("1", 'throw new Error("stop here")', "3");
    void vscode.commands.executeCommand("notebook.execute");
    await until("the failure", () => notebook.cellAt(1).executionSummary?.success === false);
    // The cell that waited is given back unrun: it can be started again at once.
    expect(await runCell(notebook, 2)).to.equal("3");
    expect(notebook.cellAt(2).executionSummary?.executionOrder).to.equal(3);
  });

  it("keep the order of a thousand prints", async () => {
    const notebook = await openCells("for (let i = 0; i < 1000; i++) console.log(i);");
    const shown = await runCell(notebook, 0);
    expect(shown.split(/\n+/).filter(Boolean).map(Number)).to.deep.equal(Array.from({ length: 1000 }, (_, i) => i));
  });

  it("queue a cell that is started while another one runs", async () => {
    const notebook = await openCells(
      'console.log("on"); await new Promise((r) => setTimeout(r, 500)); const later = 7;',
      "later",
    );
    const first = startCell(notebook, 0);
    await showing(notebook, 0, "on");
    expect(await runCell(notebook, 1)).to.equal("7");
    expect(await first).to.equal(true);
  });
});
