import { createHash } from "node:crypto";
import type { Intervention } from "../models/edit.ts";

/** A name for an edit made from its content, so that equal edits have equal names: 12 hexadecimal digits. */
export function editId(interventions: readonly Intervention[]): string {
  const hash = createHash("sha256");
  for (const step of interventions)
    for (const [key, value] of Object.entries(step)) {
      hash.update(key);
      if (typeof value === "string") hash.update(value);
      else if (Array.isArray(value)) hash.update(JSON.stringify(value));
      else
        hash
          .update(JSON.stringify(value.dims))
          .update(new Uint8Array(value.data.buffer, value.data.byteOffset, value.data.byteLength));
    }
  return hash.digest("hex").slice(0, 12);
}
