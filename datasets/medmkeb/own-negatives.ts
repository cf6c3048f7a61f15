import { HARD_NEGATIVES, type HardNegativeName } from "../hard-negative.ts";
import type { RecordFields } from "../record-fields.ts";
import { askedIn } from "../visual-edit/portability.ts";
import type { VisualEdit } from "../visual-edit/visual-edit.ts";

/** Hard negatives that a record brings in the form of the phantom's export. Throws: MalformedRecordError. */
export function ownNegatives(fields: RecordFields): VisualEdit["negatives"] {
  const list = fields.raw("hard_negatives") ?? [];
  if (!Array.isArray(list)) return fields.refuse("hard_negatives", "expected a list", list);
  return list.map((item: unknown) => {
    const {
      negative_type: name,
      image,
      expected,
    } = (typeof item === "object" && item !== null ? item : {}) as Record<string, unknown>;
    const asked = typeof item === "object" && item !== null ? askedIn(item as Record<string, unknown>) : undefined;
    if (!HARD_NEGATIVES.includes(name as HardNegativeName) || typeof image !== "string" || !asked)
      return fields.refuse(
        "hard_negatives",
        "expected a known negative_type, an image, a question and an answer",
        item,
      );
    return { name: name as HardNegativeName, image, ...asked, unchanged: expected !== "follows-from-alt" };
  });
}
