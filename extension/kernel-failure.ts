import { basename } from "node:path";
import * as vscode from "vscode";
import type { KernelSession } from "./kernel-session.ts";

/** Tells the user when a notebook's kernel cannot be started or ended unasked, and offers the two next steps. */
export function reportFailures(session: KernelSession, notebook: vscode.NotebookDocument): void {
  session.on("fail", async (what) => {
    const choice = await vscode.window.showErrorMessage(
      `${basename(notebook.uri.path)}: ${what}`,
      "Restart Kernel",
      "Show Log",
    );
    if (choice === "Restart Kernel") await vscode.commands.executeCommand("medke.restartKernel", notebook.uri);
    if (choice === "Show Log") await vscode.commands.executeCommand("medke.showLog");
  });
}
