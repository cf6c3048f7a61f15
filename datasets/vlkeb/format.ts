import type { Probe } from "../case.ts";
import type { RecordFields } from "../record-fields.ts";
import type { VisualFormat } from "../visual-edit/format.ts";
import { portability, portItems } from "../visual-edit/portability.ts";
import { sharedFields } from "../visual-edit/shared-fields.ts";
import { SHARED_FIELDS, type VisualEdit } from "../visual-edit/visual-edit.ts";
import { layout } from "./layout.ts";

const KNOWN = new Set<string>([...SHARED_FIELDS, "port_new"]);

/**
 * VLKEB: counterfactual edits of which entity an image shows, with portability over one to four hops in `eval_multihop`. Records of
 * `eval_edit_onehop` are meant to be edited twice: the second edit, a fact about the entity, is `port_edit_q` and `port_edit_a` in
 * `meta`, and the portability probe "edit-onehop" asks for what follows from both.
 *
 * Source: Huang et al., arXiv 2403.07350.
 */
export const vlkebFormat: VisualFormat = {
  layout,
  imageFolders: ["VLKEB_images", "images", ""],
  parse(fields, { split }): VisualEdit {
    const edit = sharedFields(fields);
    const questions = split === "eval_edit_onehop" ? editOnehop(fields) : portability(fields);
    return {
      ...edit,
      more: questions.probes,
      meta: { ...fields.rest(KNOWN), ...questions.meta },
      notes: [...edit.notes, ...questions.notes],
    };
  },
};

/** The one object of `port_new` in the one-hop file. Throws: MalformedRecordError. */
function editOnehop(fields: RecordFields) {
  const items = portItems(fields);
  const [item] = items;
  const texts = ["port_edit_q", "port_edit_a", "port_q", "port_a"].map((name) =>
    item && Object.hasOwn(item, name) ? item[name] : undefined,
  );
  const [editQuestion, editAnswer, question, answer] = texts.map((text) =>
    typeof text === "string" && text.trim() !== ""
      ? text
      : fields.refuse("port_new", "expected one object with port_edit_q, port_edit_a, port_q and port_a", items),
  );
  const probe: Omit<Probe, "image"> = {
    kind: "portability",
    name: "edit-onehop",
    hop: 1,
    question,
    expect: { answer },
  };
  return {
    probes: [probe],
    notes: items.length > 1 ? ["more than one item in port_new, the first is kept"] : [],
    meta: { port_edit_q: editQuestion, port_edit_a: editAnswer },
  };
}
