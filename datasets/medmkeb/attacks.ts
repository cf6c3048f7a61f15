import type { Probe } from "../case.ts";
import type { RecordFields } from "../record-fields.ts";
import { askedIn, portItems } from "../visual-edit/portability.ts";
import { attackName } from "./attack-types.ts";

/**
 * Robustness probes of a record of the attack file: the edited question with an attack in or around it, about the edited image. Of a type
 * other than the five published ones, the name is that type as it stands.
 *
 * Throws: MalformedRecordError.
 */
export function attacks(fields: RecordFields): { probes: Omit<Probe, "image">[]; notes: string[] } {
  const probes: Omit<Probe, "image">[] = [];
  const notes: string[] = [];
  for (const item of portItems(fields)) {
    const type = Object.hasOwn(item, "attack_type") ? item.attack_type : undefined;
    const asked = askedIn(item);
    const name = attackName(type) ?? (typeof type === "string" && type.trim() !== "" ? type.trim() : undefined);
    if (name === undefined || !asked) {
      notes.push(`attack without ${asked ? "a type" : "question and answer"}, left out`);
      continue;
    }
    if (attackName(type) === undefined) notes.push("attack of a type that is none of the published five");
    probes.push({ kind: "robustness", name, question: asked.question, expect: { answer: asked.answer } });
  }
  return { probes, notes };
}
