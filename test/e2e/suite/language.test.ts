import { expect } from "chai";
import * as vscode from "vscode";
import { openCells, runCell, until } from "./notebook-driver.ts";

describe("writing cells in VS Code", () => {
  it("offers members of values that earlier cells made", async () => {
    const notebook = await openCells("const patient = { ageInYears: 40 };", "patient.");
    await runCell(notebook, 0);
    const { uri } = notebook.cellAt(1).document;
    const found = await until("the completion", async () => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        "vscode.executeCompletionItemProvider",
        uri,
        new vscode.Position(0, 8),
      );
      return list.items.find(
        ({ label }) => typeof label !== "string" && label.label === "ageInYears" && label.description === "medke",
      );
    });
    expect(found.kind).to.equal(vscode.CompletionItemKind.Property);
  });

  it("shows the type of a name from an earlier cell", async () => {
    const notebook = await openCells("let dose: number = 20;", "dose");
    await runCell(notebook, 0);
    const { uri } = notebook.cellAt(1).document;
    await until("the type", async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        "vscode.executeHoverProvider",
        uri,
        new vscode.Position(0, 1),
      );
      const text = hovers
        .flatMap(({ contents }) => contents.map((part) => (typeof part === "string" ? part : part.value)))
        .join("\n");
      return text.includes("dose: number");
    });
  });

  it("answers at once while a cell keeps the kernel busy", async () => {
    const notebook = await openCells("for (const end = Date.now() + 8000; Date.now() < end; );", "Math.");
    const { uri } = notebook.cellAt(1).document;
    await runCell(notebook, 1).catch(() => undefined);
    void vscode.commands.executeCommand("notebook.cell.execute", {
      ranges: [{ start: 0, end: 1 }],
      document: notebook.uri,
    });
    await until("the busy cell", () => notebook.cellAt(0).executionSummary?.executionOrder === 2);
    const start = Date.now();
    await vscode.commands.executeCommand("vscode.executeCompletionItemProvider", uri, new vscode.Position(0, 5));
    expect(Date.now() - start).to.be.below(6000);
    await vscode.commands.executeCommand("medke.interrupt", notebook.uri);
  });
});
