import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import * as vscode from "vscode";
import { runCell } from "./notebook-driver.ts";

const front = () => vscode.window.activeNotebookEditor!.notebook;

describe("MedKE commands", () => {
  it("New Notebook opens an unsaved TypeScript notebook whose starter cell runs", async () => {
    await vscode.commands.executeCommand("medke.newNotebook");
    const notebook = front();
    expect(notebook.isUntitled).to.equal(true);
    expect(notebook.cellAt(0).document.languageId).to.equal("typescript");
    expect(await runCell(notebook, 0)).to.contain("TypeScript");
  });

  it("Open Quickstart copies it into the workspace folder once and never overwrites it", async () => {
    const file = join(vscode.workspace.workspaceFolders![0]!.uri.fsPath, "quickstart.ipynb");
    await vscode.commands.executeCommand("medke.openQuickstart");
    expect(front().uri.fsPath).to.equal(file);
    const packaged = join(
      vscode.extensions.getExtension("medke.medke")!.extensionPath,
      "app/notebooks/quickstart.ipynb",
    );
    expect(readFileSync(file, "utf8")).to.equal(readFileSync(packaged, "utf8"));
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");

    const mine = readFileSync(file, "utf8").replace('"cells"', '"cells"   ');
    writeFileSync(file, mine);
    await vscode.commands.executeCommand("medke.openQuickstart");
    expect(front().uri.fsPath).to.equal(file);
    expect(readFileSync(file, "utf8")).to.equal(mine);
  });
});
