import { expect } from "chai";
import * as vscode from "vscode";
import { failingCell, openCells, runCell, showing, startCell } from "./notebook-driver.ts";

const kill = 'process.kill(process.pid, "SIGKILL"); await new Promise(() => {});';

describe("a kernel that ends in VS Code", () => {
  it("says so in the cell that ran, and the next cell gets a fresh one", async () => {
    const notebook = await openCells("globalThis.mark = 1;", kill, "String(globalThis.mark)");
    await runCell(notebook, 0);
    expect(await failingCell(notebook, 1))
      .to.match(/SIGKILL/)
      .and.to.match(/variables/i);
    expect(await runCell(notebook, 2)).to.contain("undefined");
    expect(notebook.cellAt(2).executionSummary?.executionOrder).to.equal(1);
  });

  it("is replaced by the restart command, which ends the running cell", async () => {
    const notebook = await openCells(
      "globalThis.mark = 1;",
      'console.log("in"); await new Promise(() => {});',
      "String(globalThis.mark)",
    );
    await runCell(notebook, 0);
    const ended = startCell(notebook, 1);
    await showing(notebook, 1, "in");
    await vscode.commands.executeCommand("medke.restartKernel", notebook.uri);
    expect(await ended).to.equal(false);
    expect(await runCell(notebook, 2)).to.contain("undefined");
  });

  it("ends with its notebook", async () => {
    const notebook = await openCells("process.pid");
    const pid = Number(await runCell(notebook, 0));
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await new Promise<void>((resolve, reject) => {
      const end = Date.now() + 20_000;
      const look = () =>
        alive(pid)
          ? Date.now() > end
            ? reject(new Error(`process ${pid} still runs`))
            : setTimeout(look, 100)
          : resolve();
      look();
    });
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
