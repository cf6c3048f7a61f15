import { createHash } from "node:crypto";
import type { EditCase, ImageRef } from "../../datasets/case.ts";

/** JSON with sorted keys and without undefined fields: equal content gives equal text. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(",")}}`;
}

/** First `digits` hexadecimal digits of the SHA-256 of a value's canonical JSON. */
export const contentHash = (value: unknown, digits = 16): string =>
  createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, digits);

/** A case without the paths of this machine: images are known by their ids. */
export function portableCase(edited: EditCase): unknown {
  const portable = <T extends { image?: ImageRef }>(item: T) => ({ ...item, image: item.image?.id });
  return { ...portable(edited), probes: edited.probes.map(portable) };
}
