import type { Edit } from "../../models/edit.ts";
import { isTensor } from "./array-types.ts";
import { EditPackError } from "./errors.ts";

/**
 * Checks that decoded data have the form of an edit. What stands in interventions and scope is the model's to check: it knows the sites.
 *
 * Throws: EditPackError that names the field.
 */
export function checkEdit(value: unknown, where: string): Edit {
  const edit = fields(value, where);
  texts(edit, where, ["id", "editor"]);
  const { cases, images = [], interventions, scope, provenance } = edit;
  for (const [name, list] of Object.entries({ cases, images }))
    if (!Array.isArray(list) || !list.every((id) => typeof id === "string"))
      throw malformed(`${where}.${name}`, "a list of names");
  if (!Array.isArray(interventions)) throw malformed(`${where}.interventions`, "a list");
  interventions.forEach((step, i) =>
    texts(fields(step, `${where}.interventions.${i}`), `${where}.interventions.${i}`, ["kind"]),
  );
  texts(fields(scope, `${where}.scope`), `${where}.scope`, ["kind"]);
  const { seed, options } = texts(fields(provenance, `${where}.provenance`), `${where}.provenance`, [
    "editor",
    "model",
  ]);
  if (typeof seed !== "number") throw malformed(`${where}.provenance.seed`, "a number");
  fields(options, `${where}.provenance.options`);
  for (const [name, array] of Object.entries(fields(edit.carried ?? {}, `${where}.carried`)))
    if (!isTensor(fields(array, `${where}.carried.${name}`))) throw malformed(`${where}.carried.${name}`, "a tensor");
  return value as Edit;
}

function fields(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw malformed(where, "an object");
}

function texts(value: Record<string, unknown>, where: string, names: readonly string[]): Record<string, unknown> {
  for (const name of names) if (typeof value[name] !== "string") throw malformed(`${where}.${name}`, "a text");
  return value;
}

const malformed = (where: string, form: string) => new EditPackError(`its field ${where} is not ${form}`);
