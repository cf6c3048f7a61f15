import type { EditCase } from "../../../datasets/case.ts";
import type { Protocol, ProtocolFamily } from "./protocol.ts";
import { ProtocolError } from "./protocol-error.ts";
import { refuseWords } from "./read-words.ts";

const USAGE = "edit-onehop, or edit-onehop:image";

/**
 * `edit-onehop`: two edits, of what the image shows and of a fact about it, one on top of the other; then the portability probe that follows
 * from both; undo. Nothing else is asked, as nothing else is published.
 *
 * The second edit is the case's `meta.port_edit_q` and `meta.port_edit_a`. It is a text edit; `:image` asks it about the image, as VLKEB does
 * where the edited weights lie between image and text and no text alone reaches them. Cases that name no second edit are counted.
 * Source: VLKEB's test of edited one-hop facts (1,278 records, split eval_edit_onehop).
 */
export const editOnehop: ProtocolFamily = {
  usage: "edit-onehop[:image]",
  summary: "a case's edit and the second one it names (VLKEB, split eval_edit_onehop), the portability probe, undo",
  limit: "cases",
  needs: ["sequence"],
  make([form, ...rest], spelt) {
    refuseWords(spelt, rest, USAGE);
    if (form !== undefined && form !== "image")
      throw new ProtocolError(`protocol "${spelt}": "${form}" is no form of it. Write ${USAGE}.`);
    return twice(form === "image");
  },
};

function twice(image: boolean): Protocol {
  return {
    id: image ? "edit-onehop:image" : "edit-onehop",
    needs: ["sequence"],
    suffix: image ? "@edit-onehop.image" : "@edit-onehop",
    weighting: "records",
    checkpoints: false,
    defaultLimit: 10,
    reads: (limit) => limit,
    tests: (cases) => cases,
    includes: ({ kind, name }) => kind === "portability" && name === "edit-onehop",
    async *steps(cases, { skip }) {
      for await (const each of cases) {
        const fact = factOf(each, image);
        if (!fact) {
          skip("names no second edit (meta.port_edit_q and port_edit_a, as in VLKEB's eval_edit_onehop)");
          continue;
        }
        yield { do: "edit", cases: [each] };
        yield { do: "edit", cases: [fact] };
        yield { do: "probe", case: each };
        yield { do: "restore" };
      }
    },
  };
}

/** The second edit as a case of its own, without probes. */
function factOf(each: EditCase, image: boolean): EditCase | undefined {
  const { port_edit_q: question, port_edit_a: target } = each.meta;
  if (!question || !target) return undefined;
  const { id, benchmark, split, counterfactual } = each;
  return {
    id: `${id}, second edit`,
    benchmark,
    split,
    task: image && each.image ? "edit-vision" : "edit-text",
    ...(image && each.image && { image: each.image }),
    question,
    target,
    ...(counterfactual === false && { counterfactual }),
    probes: [],
    meta: {},
  };
}
