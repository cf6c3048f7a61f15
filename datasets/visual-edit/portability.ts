import type { Probe } from "../case.ts";
import type { RecordFields } from "../record-fields.ts";
import type { Asked } from "./visual-edit.ts";

export type Hop = NonNullable<Probe["hop"]>;

/** An item of `port_new` as an object. Throws: MalformedRecordError where the field is no list of objects. */
export function portItems(fields: RecordFields): Record<string, unknown>[] {
  const value = fields.raw("port_new") ?? [];
  if (!Array.isArray(value)) return fields.refuse("port_new", "expected a list", value);
  return value.map((item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? (item as Record<string, unknown>)
      : fields.refuse("port_new", "expected a list of objects", item),
  );
}

/** The number of steps that "2-hop" and its variants ("2 hop", 2, "two-hop") stand for. */
export function hopOf(type: unknown): Hop | undefined {
  const match = /^\s*([1-4]|one|two|three|four)(?:[\s_-]*hops?)?\s*$/i.exec(
    typeof type === "number" ? String(type) : typeof type === "string" ? type : "",
  );
  if (!match) return undefined;
  const word = ["one", "two", "three", "four"].indexOf(match[1].toLowerCase());
  return (word >= 0 ? word + 1 : Number(match[1])) as Hop;
}

/** The question and answer of an item of `port_new`, below "Q&A" or a variant of it; undefined where one is missing or empty. */
export function askedIn(item: Record<string, unknown>): Asked | undefined {
  const pair = own(item, "Q&A", "QA", "qa", "q&a") ?? item;
  if (typeof pair !== "object" || pair === null) return undefined;
  const question = own(pair as Record<string, unknown>, "Question", "question", "Q", "q");
  const answer = own(pair as Record<string, unknown>, "Answer", "answer", "A", "a");
  if (typeof question !== "string" || typeof answer !== "string" || !question.trim() || !answer.trim())
    return undefined;
  return { question, answer };
}

/**
 * Portability probes of `port_new` in the MedMKEB form, all hops in the order of the record; the graph path `triple2` goes to `meta`.
 * Items that cannot be asked are left out, with a note.
 *
 * Throws: MalformedRecordError.
 */
export function portability(fields: RecordFields): {
  probes: Omit<Probe, "image">[];
  notes: string[];
  meta: Record<string, string>;
} {
  const probes: Omit<Probe, "image">[] = [];
  const notes: string[] = [];
  const meta: Record<string, string> = {};
  portItems(fields).forEach((item, i) => {
    const hop = hopOf(own(item, "port_type"));
    const asked = askedIn(item);
    if (hop === undefined) return void notes.push("portability item without a number of hops, left out");
    if (!asked) return void notes.push("portability item without question and answer, left out");
    const path = own(item, "triple2", "triple");
    if (path !== undefined && path !== null) meta[`port_new[${i}].triple2`] = JSON.stringify(path);
    probes.push({
      kind: "portability",
      name: `${hop}-hop`,
      hop,
      question: asked.question,
      expect: { answer: asked.answer },
    });
  });
  return { probes, notes, meta };
}

function own(object: Record<string, unknown>, ...names: string[]): unknown {
  const name = names.find((name) => Object.hasOwn(object, name));
  return name === undefined ? undefined : object[name];
}
