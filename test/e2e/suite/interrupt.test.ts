import { expect } from "chai";
import * as vscode from "vscode";
import { openCells, runCell, showing, startCell } from "./notebook-driver.ts";

const busy = {
  "a loop": 'console.log("in"); while (true) {}',
  "a loop after an await": 'console.log("in"); await new Promise((r) => setTimeout(r, 10)); while (true) {}',
  "a promise that never settles": 'console.log("in"); await new Promise(() => {});',
};

describe("stopping a cell in VS Code", () => {
  for (const [what, code] of Object.entries(busy))
    it(`ends ${what} and keeps the variables`, async () => {
      const notebook = await openCells("let kept = 20;", code, "kept + 1");
      await runCell(notebook, 0);
      const ended = startCell(notebook, 1);
      // Output of a loop that never yields reaches the window only if the kernel writes it at once.
      await showing(notebook, 1, "in");
      await vscode.commands.executeCommand("notebook.cancelExecution", {
        ranges: [{ start: 1, end: 2 }],
        document: notebook.uri,
      });
      expect(await ended).to.equal(false);
      expect(await runCell(notebook, 2)).to.equal("21");
    });

  it("drops the cells that wait", async () => {
    const notebook = await openCells(busy["a loop after an await"], "1");
    const ended = startCell(notebook, 0);
    await showing(notebook, 0, "in");
    void vscode.commands.executeCommand("notebook.cell.execute", {
      ranges: [{ start: 1, end: 2 }],
      document: notebook.uri,
    });
    await vscode.commands.executeCommand("medke.interrupt", notebook.uri);
    expect(await ended).to.equal(false);
    expect(await runCell(notebook, 1)).to.equal("1");
  });
});
