import type { Protocol, ProtocolFamily, Step } from "./protocol.ts";
import { ProtocolError } from "./protocol-error.ts";
import { refuseWords } from "./read-words.ts";

const USAGE = "single, or single:official";

/**
 * `single`: for every case all its probes on the base model, one edit, all probes on the edited view, undo.
 *
 * `single:official` does as VLKEB's trainer with fine-tuning: it takes the locality values before an edit while the previous case's edit is
 * still in force, and only the edit itself puts the weights back. From the second case on, locality therefore says how far two edited models
 * agree. All other values before an edit stay those of the base model; the trainer has none.
 * Source: the usual single-edit protocol (pristine base output for all probes, edit, all probes, undo); VLKEB, trainer and its fine-tuning.
 */
export const single: ProtocolFamily = {
  usage: "single[:official]",
  summary: "one edit, all its probes, undo; official: locality against the model as the edit before left it",
  limit: "cases",
  needs: [],
  make([form, ...rest], spelt) {
    refuseWords(spelt, rest, USAGE);
    if (form !== undefined && form !== "official")
      throw new ProtocolError(`protocol "${spelt}": "${form}" is no form of it. Write ${USAGE}.`);
    return oneByOne(form === "official");
  },
};

function oneByOne(official: boolean): Protocol {
  return {
    id: official ? "single:official" : "single",
    needs: [],
    suffix: official ? "@unrestored" : "",
    weighting: "records",
    checkpoints: false,
    defaultLimit: 10,
    reads: (limit) => limit,
    tests: (cases) => cases,
    async *steps(cases) {
      let first = true;
      for await (const each of cases) {
        if (official && !first) yield* [{ do: "baseline" }, { do: "restore" }] satisfies Step[];
        first = false;
        yield { do: "edit", cases: [each] };
        yield { do: "probe", case: each };
        if (!official) yield { do: "restore" };
      }
      if (official) yield { do: "restore" };
    },
  };
}
