import * as vscode from "vscode";

/** Waits until `question` gives a truthy answer. */
export async function until<T>(
  what: string,
  question: () => T | undefined | false | Promise<T | undefined | false>,
  seconds = 60,
): Promise<T> {
  for (const end = Date.now() + seconds * 1000; ;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`${what}: not seen within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Opens an unsaved notebook with these cells, names this kernel in its metadata, and shows it. */
export async function openCells(...cells: string[]): Promise<vscode.NotebookDocument> {
  const data = new vscode.NotebookData(
    cells.map((code) => new vscode.NotebookCellData(vscode.NotebookCellKind.Code, code, "typescript")),
  );
  const kernelspec = { name: "medke", display_name: "TypeScript (medke)", language: "typescript" };
  data.metadata = { metadata: { kernelspec, language_info: { name: "typescript" } }, nbformat: 4, nbformat_minor: 5 };
  const notebook = await vscode.workspace.openNotebookDocument("jupyter-notebook", data);
  await vscode.window.showNotebookDocument(notebook);
  return notebook;
}

/** Asks VS Code to run a cell and returns a promise that resolves with its success when it has ended. */
export function startCell(notebook: vscode.NotebookDocument, index: number): Promise<boolean> {
  const cell = notebook.cellAt(index);
  const before = cell.executionSummary?.timing?.endTime;
  void vscode.commands.executeCommand("notebook.cell.execute", {
    ranges: [{ start: index, end: index + 1 }],
    document: notebook.uri,
  });
  return until(`end of cell ${index}`, () => {
    const summary = cell.executionSummary;
    return summary?.success !== undefined && summary.timing?.endTime !== before && { success: summary.success };
  }).then(({ success }) => success);
}

/** Runs one cell and returns everything that it shows, as text. Throws with that text when it fails. */
export async function runCell(notebook: vscode.NotebookDocument, index: number): Promise<string> {
  const succeeded = await startCell(notebook, index);
  const shown = shownText(notebook.cellAt(index));
  if (!succeeded) throw new Error(`cell ${index} failed: ${shown}`);
  return shown;
}

/** Runs one cell that must fail and returns its error's text. */
export async function failingCell(notebook: vscode.NotebookDocument, index: number): Promise<string> {
  if (await startCell(notebook, index))
    throw new Error(`cell ${index} succeeded: ${shownText(notebook.cellAt(index))}`);
  return shownText(notebook.cellAt(index));
}

export function shownText(cell: vscode.NotebookCell): string {
  return cell.outputs.flatMap((output) => output.items.map((item) => new TextDecoder().decode(item.data))).join("\n");
}

/** Waits until a cell that was started shows `text`, so that it is known to be inside its work. */
export function showing(notebook: vscode.NotebookDocument, index: number, text: string): Promise<boolean> {
  return until(`"${text}" in cell ${index}`, () => shownText(notebook.cellAt(index)).includes(text));
}

/** Closes all notebooks without saving, so that their kernels end. */
export async function closeAll(): Promise<void> {
  while (vscode.window.tabGroups.all.some(({ tabs }) => tabs.length))
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
}
