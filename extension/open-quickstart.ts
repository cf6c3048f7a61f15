import * as vscode from "vscode";
import { quickstart } from "./packaged-files.ts";

const NAME = "quickstart.ipynb";

/** Copies the packaged quickstart into a folder of the user's and opens it. A quickstart that is there already is opened as it is. */
export async function openQuickstart(): Promise<void> {
  const folder = await targetFolder();
  if (!folder) return;
  const target = vscode.Uri.joinPath(folder, NAME);
  try {
    await vscode.workspace.fs.copy(vscode.Uri.file(quickstart), target, { overwrite: false });
  } catch (error) {
    if (!(error instanceof vscode.FileSystemError && error.code === "FileExists")) throw error;
    void vscode.window.showInformationMessage(
      `${NAME} is in this folder already, and was opened as it is. Rename it to get a fresh copy.`,
    );
  }
  await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(target));
}

/** The workspace's only folder; otherwise the user chooses. */
async function targetFolder(): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 1) return folders[0]!.uri;
  if (folders.length > 1)
    return (await vscode.window.showWorkspaceFolderPick({ placeHolder: `Folder for ${NAME}` }))?.uri;
  const options = { canSelectFiles: false, canSelectFolders: true, openLabel: "Put the quickstart here" };
  return (await vscode.window.showOpenDialog(options))?.[0];
}
