/** A Markdown table: the first column aligned left, figures right. `aligned` pads cells, so that the source is a table to the eye too. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { aligned = false }: { aligned?: boolean } = {},
): string {
  const lines = [head, ...rows];
  const widths = head.map((_, i) => (aligned ? Math.max(i ? 4 : 3, ...lines.map((cells) => cells[i].length)) : 0));
  const padded = lines.map((cells) => cells.map((cell, i) => (i ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))));
  const rule = widths.map((width, i) =>
    i ? `${"-".repeat(Math.max(3, width - 1))}:` : "-".repeat(Math.max(3, width)),
  );
  return [padded[0], rule, ...padded.slice(1)].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
