import type { EditCase, ImageRef } from "../../../datasets/case.ts";
import { type AnswerTable, entry } from "./table-model.ts";

const image = (id: string): ImageRef => ({ id, path: `/images/${id}` });

/** Cases with all four probes (every third without a rewording), about images of their own. */
export const tableCases = (n: number): EditCase[] =>
  Array.from({ length: n }, (_, i) => {
    const [own, near, far] = [image(`own${i}.jpg`), image(`near${i}.jpg`), image(`far${i}.jpg`)];
    const question = `Which side is lesion ${i} on?`;
    return {
      id: `table-${i}`,
      benchmark: "table",
      split: "train",
      task: "edit-vision",
      image: own,
      question,
      answer: "left lung",
      target: "right lung",
      probes: [
        { kind: "reliability", image: own, question, expect: { answer: "right lung" } },
        ...(i % 3 === 2
          ? []
          : [
              {
                kind: "text-generality" as const,
                image: own,
                question: `Where is lesion ${i}?`,
                expect: { answer: "right lung" },
              },
            ]),
        {
          kind: "image-locality",
          name: "same-question",
          image: near,
          question,
          expect: { unchanged: true, context: "no lesion here" },
        },
        {
          kind: "image-locality",
          name: "other-question",
          image: far,
          question: "Which plane?",
          expect: { unchanged: true, context: "axial plane" },
        },
      ],
      meta: {},
    };
  });

/** What the unedited model says: always "left lung" about a case's own image, otherwise the first two words of the context. */
export const baseTable = (cases: readonly EditCase[]): AnswerTable =>
  Object.fromEntries(
    cases.flatMap(({ probes }) =>
      probes.map((probe) => [
        entry(probe),
        "context" in probe.expect ? probe.expect.context.split(" ").slice(0, 2).join(" ") : "left lung",
      ]),
    ),
  );
