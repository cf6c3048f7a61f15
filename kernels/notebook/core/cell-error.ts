import { inspect } from "node:util";
import { isUserFacing } from "../../errors.ts";
import type { CellError } from "../protocol.ts";
import { InterruptedError } from "./interrupted-error.ts";
import { userFrames } from "./stack-traces.ts";

/**
 * What a cell shows for a thrown value. `stack` is empty where the message says it all (errors meant for the user, interrupts);
 * otherwise it holds name, message, the frames in the user's own code and the causes. Never throws, and holds strings only: code may
 * throw values whose properties are no text or cannot be read.
 */
export function toCellError(thrown: unknown): CellError {
  const isError = attempt(() => isErrorLike(thrown), false);
  if (!isError) return { name: "Uncaught value", message: described(thrown), stack: "" };
  const { name, message } = headOf(thrown as Error);
  if (attempt(() => thrown instanceof InterruptedError || isUserFacing(thrown), false))
    return { name, message, stack: "" };
  return { name, message, stack: attempt(() => describe(thrown as Error, 0), `${name}: ${message}`) };
}

const isErrorLike = (value: unknown): value is Error =>
  value instanceof Error ||
  (typeof value === "object" &&
    value !== null &&
    typeof (value as Error).message === "string" &&
    typeof (value as Error).name === "string");

function describe(error: Error, depth: number): string {
  const { name, message } = headOf(error);
  const stack = attempt(() => String(error.stack ?? ""), "");
  const lines = [`${name}: ${message}`, ...userFrames(stack)];
  if (error instanceof AggregateError && Array.isArray(error.errors))
    for (const part of error.errors.slice(0, 5)) lines.push(`  - ${inOneLine(part)}`);
  if (error.cause !== undefined && depth < 5)
    lines.push(`Caused by: ${isErrorLike(error.cause) ? describe(error.cause, depth + 1) : described(error.cause)}`);
  return lines.join("\n");
}

function inOneLine(value: unknown): string {
  if (!isErrorLike(value)) return described(value);
  const { name, message } = headOf(value);
  return `${name}: ${message}`;
}

const headOf = (error: Error) => ({
  name: attempt(() => String(error.name), "Error"),
  message: attempt(() => String(error.message), "(the message cannot be read)"),
});

const described = (value: unknown) => attempt(() => inspect(value), "a value that cannot be described");

function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
