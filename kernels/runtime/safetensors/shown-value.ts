/** A value of a file that nobody vouches for, short enough for a message; of lists and objects no more than that they are one. */
export function shownValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value);
  if (Array.isArray(value)) return value.length < 9 && value.every(isShort) ? `[${value.join(", ")}]` : "(a list)";
  return typeof value === "object" && value !== null ? "(an object)" : String(value);
}

const isShort = (value: unknown) => typeof value === "number" || typeof value === "boolean";
