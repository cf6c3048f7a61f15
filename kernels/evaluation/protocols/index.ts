// To add a protocol: write protocols/<name>.ts (a ProtocolFamily, whose steps `runProtocol` does), add its line here, its test under
// test/kernels/evaluation/protocols/, and its row in the README's feature table.
import type { EditForm, Editor } from "../../editors/editor.ts";
import { requireKnown } from "../../nearest-name.ts";
import { batch } from "./batch.ts";
import { editOnehop } from "./edit-onehop.ts";
import { editThenConfuse } from "./edit-then-confuse.ts";
import { gap } from "./gap.ts";
import { group } from "./group.ts";
import type { Protocol, ProtocolFamily } from "./protocol.ts";
import { ProtocolError } from "./protocol-error.ts";
import { sequential } from "./sequential.ts";
import { single } from "./single.ts";

export const protocols = {
  single,
  batch,
  sequential,
  gap,
  group,
  "edit-onehop": editOnehop,
  "edit-then-confuse": editThenConfuse,
} satisfies Record<string, ProtocolFamily>;

export type ProtocolName = keyof typeof protocols;
export const PROTOCOL_NAMES = Object.keys(protocols) as ProtocolName[];

/**
 * The protocol of a spelling such as "single", "single:official", "batch:10", "batch:100:official", "sequential", "gap:20" or "group:10".
 *
 * Throws: UnknownNameError with the nearest name; ProtocolError for a missing or malformed number.
 */
export function protocolNamed(spelt: string): Protocol {
  const [name, ...words] = spelt.split(":");
  return protocols[requireKnown("protocol", name, PROTOCOL_NAMES)].make(words, spelt);
}

/** Spellings of the protocols that an editor of these forms takes. */
export const protocolsOf = (takes: readonly EditForm[]): string[] =>
  Object.values<ProtocolFamily>(protocols)
    .flatMap((family) => family.forms ?? [family])
    .filter(({ needs }) => needs.every((form) => takes.includes(form)))
    .map(({ usage }) => usage);

/** Throws: ProtocolError where the editor does not take the edits of this protocol; it names those that it does. */
export function requireTakes(
  { id, takes = [] }: Pick<Editor, "id" | "takes">,
  { id: protocol, needs }: Protocol,
): void {
  const missing = needs.filter((form) => !takes.includes(form));
  if (missing.length === 0) return;
  const what = { batch: "several cases in one edit", sequence: "edits of a model in which edits are in force" };
  throw new ProtocolError(
    `protocol "${protocol}" asks for ${missing.map((form) => what[form]).join(" and ")}, which ${id} does not do. ` +
      `Take one of its protocols (${protocolsOf(takes).join(", ")}), or another editor; medke editors lists what each takes.`,
  );
}
