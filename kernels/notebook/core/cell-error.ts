import { inspect } from "node:util";
import { isUserFacing } from "../../errors.ts";
import type { CellError } from "../protocol.ts";
import { InterruptedError } from "./interrupted-error.ts";
import { userFrames } from "./stack-traces.ts";

/**
 * What a cell shows for a thrown value. `stack` is empty where the message says it all (errors meant for the user, interrupts);
 * otherwise it holds name, message, the frames in the user's own code and the causes.
 */
export function toCellError(thrown: unknown): CellError {
  if (!isErrorLike(thrown)) return { name: "Uncaught value", message: inspect(thrown), stack: "" };
  const { name, message } = thrown;
  if (thrown instanceof InterruptedError || isUserFacing(thrown)) return { name, message, stack: "" };
  return { name, message, stack: describe(thrown, 0) };
}

const isErrorLike = (value: unknown): value is Error =>
  value instanceof Error ||
  (typeof value === "object" &&
    value !== null &&
    typeof (value as Error).message === "string" &&
    typeof (value as Error).name === "string");

function describe(error: Error, depth: number): string {
  const lines = [`${error.name}: ${error.message}`, ...userFrames(String(error.stack ?? ""))];
  if (error instanceof AggregateError)
    for (const part of error.errors.slice(0, 5))
      lines.push(`  - ${isErrorLike(part) ? `${part.name}: ${part.message}` : inspect(part)}`);
  if (error.cause !== undefined && depth < 5)
    lines.push(`Caused by: ${isErrorLike(error.cause) ? describe(error.cause, depth + 1) : inspect(error.cause)}`);
  return lines.join("\n");
}
