import type { ICell, ICodeCell, INotebookContent, MultilineString } from "@jupyterlab/nbformat";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UserFacingError } from "../errors.ts";

/** Cause: a file that is no notebook, or one whose cells this kernel cannot run. Handled by: the user, who names another file. */
export class NotebookFileError extends UserFacingError {}

/**
 * Reads a notebook of nbformat 4. Cells keep everything they hold; missing cell ids (files before 4.5) are added.
 *
 * Throws: NotebookFileError for a missing file, one that is not JSON, and one that is no nbformat 4 notebook.
 */
export function readNotebook(path: string): INotebookContent {
  const notebook = parse(path);
  const problem = shapeProblem(notebook);
  if (problem) throw new NotebookFileError(`${path}: ${problem}. Open a Jupyter notebook of format 4 (.ipynb).`);
  const { cells, nbformat_minor } = notebook as INotebookContent;
  const used = new Set(cells.map((cell) => cell.id));
  for (const [index, cell] of cells.entries()) cell.id ??= freeId(`cell-${index + 1}`, used);
  return { ...(notebook as INotebookContent), nbformat_minor: Math.max(5, nbformat_minor) };
}

/** Writes a notebook as Jupyter does (indented by one space, newline at the end), and the folder that it goes into. */
export function writeNotebook(path: string, notebook: INotebookContent): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(notebook, null, 1) + "\n");
}

export const isCodeCell = (cell: ICell): cell is ICodeCell => cell.cell_type === "code";

/** One string, whichever of its two forms the file has. */
export const joinLines = (text: MultilineString): string => (typeof text === "string" ? text : text.join(""));

/** The form that gives readable diffs: one array entry a line, each with its line break. */
export const splitLines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** The cells' language, as a notebook states it. */
export function notebookLanguage({ metadata }: INotebookContent): string | undefined {
  const language = metadata.kernelspec?.language ?? metadata.language_info?.name;
  return typeof language === "string" ? language.toLowerCase() : undefined;
}

function parse(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new NotebookFileError(`${path}: the notebook cannot be read. Check the path.`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NotebookFileError(`${path}: not a notebook (${(cause as Error).message}). Open a .ipynb file.`, {
      cause,
    });
  }
}

function shapeProblem(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("cells" in value)) return `not a notebook (no "cells")`;
  const { cells, nbformat, metadata } = value as Partial<INotebookContent>;
  if (nbformat !== 4) return `notebook format ${nbformat} is not supported`;
  if (!Array.isArray(cells)) return `not a notebook ("cells" is no list)`;
  if (typeof metadata !== "object" || metadata === null) return `not a notebook (no "metadata")`;
  const bad = cells.findIndex((cell) => !isCell(cell));
  return bad < 0 ? undefined : `cell number ${bad + 1} is damaged (it needs "cell_type" and "source")`;
}

function isCell(cell: unknown): boolean {
  if (typeof cell !== "object" || cell === null) return false;
  const { cell_type, source } = cell as Partial<ICell>;
  const isText =
    typeof source === "string" || (Array.isArray(source) && source.every((line) => typeof line === "string"));
  return typeof cell_type === "string" && isText;
}

function freeId(wanted: string, used: Set<unknown>): string {
  let id = wanted;
  for (let n = 2; used.has(id); n++) id = `${wanted}-${n}`;
  used.add(id);
  return id;
}
