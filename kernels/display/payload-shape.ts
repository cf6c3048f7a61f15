import { UserFacingError } from "../errors.ts";

/**
 * Cause: a stored output that this version cannot read, or rows that miss what a plot must show.
 * Handled by: the renderer, which shows the message in place of the picture; the kernel, which reports it in the cell.
 */
export class PayloadError extends UserFacingError {}

/** Throws PayloadError when `value`, found at `path`, has another shape. */
export type Shape = (value: unknown, path: string) => void;

export const string: Shape = (value, path) => {
  if (typeof value !== "string") refuse(path, "a text", value);
};

export const finite: Shape = (value, path) => {
  if (typeof value !== "number" || !Number.isFinite(value)) refuse(path, "a finite number", value);
};

export const boolean: Shape = (value, path) => {
  if (typeof value !== "boolean") refuse(path, "true or false", value);
};

export const oneOf =
  (...allowed: string[]): Shape =>
  (value, path) => {
    if (!allowed.includes(value as string)) refuse(path, allowed.join(" or "), value);
  };

export const optional =
  (shape: Shape): Shape =>
  (value, path) => {
    if (value !== undefined) shape(value, path);
  };

export const list =
  (shape: Shape): Shape =>
  (value, path) => {
    if (!Array.isArray(value)) return refuse(path, "a list", value);
    value.forEach((item, i) => shape(item, `${path}[${i}]`));
  };

/** An object whose values all have one shape. */
export const record =
  (shape: Shape): Shape =>
  (value, path) => {
    if (!isObject(value)) return refuse(path, "an object", value);
    for (const [key, item] of Object.entries(value)) shape(item, `${path}["${key}"]`);
  };

/** An object with at least these fields; more are allowed, so that a payload can grow within its version. */
export const object =
  (fields: Record<string, Shape>): Shape =>
  (value, path) => {
    if (!isObject(value)) return refuse(path || "the payload", "an object", value);
    for (const [name, shape] of Object.entries(fields)) shape(value[name], path ? `${path}.${name}` : name);
  };

/** Refuses another version before any field is looked at, because its fields may mean something else. */
export function requireVersion1(value: unknown): void {
  const version = isObject(value) ? value.version : undefined;
  if (typeof version === "number" && version > 1)
    throw new PayloadError(
      `This output was made by a newer medke (version ${version}); this one reads version 1. Update medke, or run the cell again.`,
    );
  if (version !== 1) refuse("version", "1", version);
}

export function refuse(path: string, expected: string, got: unknown): never {
  throw new PayloadError(
    `This output cannot be drawn: ${path}: expected ${expected}, got ${describe(got)}. Run the cell again.`,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
