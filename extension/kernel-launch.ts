import { homedir } from "node:os";
import { dirname } from "node:path";
import * as vscode from "vscode";
import { findNode } from "./node-binary.ts";
import { kernelEntry } from "./packaged-files.ts";

/** Everything that starting a kernel process takes. */
export interface KernelLaunch {
  cwd: string;
  entry: string;
  nodePath: string;
  env: Record<string, string>;
  /** For the log and the status bar: which Node was taken, and why. */
  reason: string;
}

/** Reads the settings anew at every start, so that a restart applies them. */
export async function kernelLaunch(notebook: vscode.NotebookDocument): Promise<KernelLaunch> {
  const settings = vscode.workspace.getConfiguration("medke", notebook.uri);
  const node = await findNode(settings.get("nodePath", "").trim(), process.execPath);
  const dataFolder = settings.get("dataFolder", "").trim();
  const device = settings.inspect<string>("device");
  const chosenDevice = device?.workspaceFolderValue ?? device?.workspaceValue ?? device?.globalValue;
  return {
    cwd: workingFolder(notebook),
    entry: kernelEntry,
    nodePath: node.path,
    // An unset setting leaves the variable as VS Code was started with it.
    env: {
      ...node.env,
      ...(dataFolder && { MEDKE_DATA: dataFolder }),
      ...(chosenDevice && { MEDKE_DEVICE: chosenDevice }),
    },
    reason: node.reason,
  };
}

/** The notebook's own folder; for a notebook that was never saved the workspace folder, or else the home folder. */
function workingFolder(notebook: vscode.NotebookDocument): string {
  if (notebook.uri.scheme === "file") return dirname(notebook.uri.fsPath);
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir();
}
