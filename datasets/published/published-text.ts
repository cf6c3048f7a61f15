import type { PublishedFigure } from "./published-table.ts";

/** A figure in print: "98.5", "59.09 to 59.94", "27 of 40"; "about" and the sign of an assumption ("*") where they apply. */
export function publishedText({
  value,
  approximate,
  assumed,
}: Pick<PublishedFigure, "value" | "approximate" | "assumed">): string {
  const text =
    typeof value === "number"
      ? String(value)
      : "of" in value
        ? `${value.count} of ${value.of}`
        : `${value.low} to ${value.high}`;
  return `${approximate ? "about " : ""}${text}${assumed ? "*" : ""}`;
}
