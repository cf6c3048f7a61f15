import * as vscode from "vscode";
import type { NotebookKernels } from "./notebook-kernels.ts";

/** Kernels read the settings when they start: offers a restart when one was changed under a running kernel. */
export function offerRestart(kernels: NotebookKernels): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration(async (change) => {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    if (!change.affectsConfiguration("medke") || !kernels.find(notebook)?.ready) return;
    const choice = await vscode.window.showInformationMessage(
      "The changed MedKE setting applies when the kernel restarts; its variables are lost then.",
      "Restart Kernel",
    );
    if (choice) await vscode.commands.executeCommand("medke.restartKernel", notebook?.uri);
  });
}
