import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_NETWORK, type Network } from "../../../datasets/fetch/network.ts";

/** Patience in milliseconds, so that tests do not wait; nothing is asserted about times. */
export const HASTY: Network = {
  ...DEFAULT_NETWORK,
  stallMs: 250,
  backoffMs: 1,
  longestWaitMs: 20,
  paceMs: 0,
  progressBytes: 1,
};

export const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

/** A folder that is removed after the suite; `fresh()` gives an empty one below it. */
export function scratch() {
  const top = mkdtempSync(join(tmpdir(), "medke-fetch-"));
  let count = 0;
  after(() => rmSync(top, { recursive: true, force: true }));
  return { top, fresh: () => mkdtempSync(join(top, `${count++}-`)) };
}

/** Every file and folder below a folder, as sorted relative paths. */
export function tree(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return (readdirSync(folder, { recursive: true }) as string[]).map((name) => name.replaceAll("\\", "/")).sort();
}

/** The error of a promise that must fail. */
export async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("it did not fail");
}
