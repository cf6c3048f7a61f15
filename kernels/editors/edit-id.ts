import { createHash, type Hash } from "node:crypto";
import type { Edit } from "../models/edit.ts";

/**
 * A name for an edit made from what it does, so that equal edits have equal names: 12 hexadecimal digits over interventions, scope and what
 * it supersedes; what it carries for its editor does nothing. Typed arrays count by their bytes.
 */
export function editId({
  interventions,
  scope,
  supersedes,
}: Pick<Edit, "interventions" | "scope" | "supersedes">): string {
  const hash = createHash("sha256");
  update(hash, [interventions, scope, supersedes ?? []]);
  return hash.digest("hex").slice(0, 12);
}

function update(hash: Hash, value: unknown): void {
  if (ArrayBuffer.isView(value)) hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  else if (Array.isArray(value)) {
    hash.update(`[${value.length}`);
    for (const each of value) update(hash, each);
  } else if (typeof value === "object" && value !== null)
    for (const [key, each] of Object.entries(value)) {
      hash.update(`{${key}:`);
      update(hash, each);
    }
  else hash.update(`${typeof value}:${String(value)};`);
}
