import * as vscode from "vscode";
import { NOTEBOOK_TYPE, notebookMetadata } from "./kernelspec.ts";

const STARTER = `display("Cells are TypeScript. What one cell defines, all others can use.");`;

/** Opens an unsaved notebook whose cells run in this kernel. */
export async function newNotebook(): Promise<void> {
  const data = new vscode.NotebookData([
    new vscode.NotebookCellData(vscode.NotebookCellKind.Code, STARTER, "typescript"),
  ]);
  data.metadata = { metadata: notebookMetadata, nbformat: 4, nbformat_minor: 5 };
  const notebook = await vscode.workspace.openNotebookDocument(NOTEBOOK_TYPE, data);
  await vscode.window.showNotebookDocument(notebook);
}
