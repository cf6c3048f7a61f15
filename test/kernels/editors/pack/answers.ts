import { createHash } from "node:crypto";
import type { EditCase } from "../../../../datasets/case.ts";
import type { EditableModel } from "../../../../kernels/models/editable-model.ts";

/** Digests of the logits of a case's question and of its probes: equal exactly where every bit is. */
export async function logitDigests(
  model: EditableModel,
  { image, question, target, probes }: EditCase,
): Promise<string[]> {
  const digests = [];
  for (const query of [{ image, question }, ...probes.slice(0, 3)]) {
    const { data, dims } = await model.logits(query, target);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    digests.push(`${dims} ${createHash("sha256").update(bytes).digest("hex")}`);
  }
  return digests;
}
