/**
 * The name of a cell in error frames: code cells are counted from 1, so that the number equals the execution count of a fresh run.
 *
 * Example: cellLabel(0) === "Cell 1"
 */
export function cellLabel(codeCellIndex: number): string {
  return `Cell ${codeCellIndex + 1}`;
}
