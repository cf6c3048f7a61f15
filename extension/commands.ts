import * as vscode from "vscode";
import type { MedkeController } from "./controller.ts";
import { newNotebook } from "./new-notebook.ts";
import { openQuickstart } from "./open-quickstart.ts";

/** Registers everything that the command palette offers under "MedKE". */
export function registerCommands(controller: MedkeController, log: vscode.LogOutputChannel): vscode.Disposable {
  const withNotebook = (action: (notebook: vscode.NotebookDocument) => Promise<void>) => async (target?: unknown) => {
    const notebook = notebookOf(target);
    if (notebook) await action(notebook);
    else void vscode.window.showInformationMessage('No notebook is in front. Open one, or run "MedKE: New Notebook".');
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand("medke.newNotebook", newNotebook),
    vscode.commands.registerCommand("medke.openQuickstart", openQuickstart),
    vscode.commands.registerCommand(
      "medke.restartKernel",
      withNotebook((notebook) => controller.restart(notebook)),
    ),
    vscode.commands.registerCommand(
      "medke.interrupt",
      withNotebook((notebook) => controller.interrupt(notebook)),
    ),
    vscode.commands.registerCommand("medke.showLog", () => log.show()),
  );
}

/** The notebook that a caller names by its address, as the toolbar does too; otherwise the one in front. */
function notebookOf(target: unknown): vscode.NotebookDocument | undefined {
  const uri =
    target instanceof vscode.Uri
      ? target
      : (target as { notebookEditor?: { notebookUri?: vscode.Uri } } | undefined)?.notebookEditor?.notebookUri;
  if (!uri) return vscode.window.activeNotebookEditor?.notebook;
  return vscode.workspace.notebookDocuments.find((notebook) => notebook.uri.toString() === uri.toString());
}
