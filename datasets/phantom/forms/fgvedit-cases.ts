import { throwIfCancelled } from "../../../kernels/errors.ts";
import { random } from "../../../kernels/random.ts";
import type { EditCase, ImageRef, Probe } from "../../case.ts";
import type { BenchmarkCases, CaseOptions } from "../../cases.ts";
import { sameAnswer } from "../../normalise-answer.ts";
import { Tally } from "../../reason-count.ts";
import { recordSeed } from "../../record-seed.ts";
import type { Split } from "../knowledge/index.ts";
import { type Ask, asksOf } from "../questions/index.ts";
import type { Scene } from "../world/scene.ts";
import { type FgveditRecord, fgveditRecord } from "./fgvedit-record.ts";
import { questionKey } from "./fgvedit-scope.ts";
import { fgvedit, fgveditImage } from "./fgvedit.ts";
import { phantomImage } from "./images.ts";
import { wordFor } from "./wordings.ts";

/**
 * Makes the edit cases of the exported form `fgvedit` without its files: records in their order, as far as the model gives their true
 * answer, with hard negatives beside the published probes. Pictures are kept in `folder`, by default in the user's cache folder.
 *
 * Deterministic given the seed, which is that of an export, and the model's answers. Default split: test.
 * Throws: ExportSeedError, ImageCacheError, CancelledError, what `answer` throws.
 */
export async function fgveditCases(options: CaseOptions): Promise<BenchmarkCases> {
  const { folder, answer, limit, seed = 0, signal, onProgress } = options;
  const split = (options.split ?? "test") as Split;
  const skipped = new Tally();
  const cases: EditCase[] = [];
  for (let number = 0; number < fgvedit.counts[split] && cases.length < limit; number++) {
    throwIfCancelled(signal, "phantom/fgvedit cases");
    const record = fgveditRecord(split, seed, number);
    const name = `seed${seed}-${fgveditImage(record)}`;
    const image = await phantomImage(record.scene, name, folder);
    if (!sameAnswer(await answer(image, record.src.question, signal), record.edit.from)) {
      skipped.add("the model answers it wrongly");
      continue;
    }
    const third = record.edit.third?.();
    const other = third && (await phantomImage(third, name.replace(".png", "-third.png"), folder));
    const sameQuestion = third && other ? askedOf(record, third, other) : [];
    cases.push(toCase(record, seed, image, [...sameQuestion, ...closeQuestions(record, image)]));
    onProgress?.(cases.length, limit);
  }
  return { cases, skipped: skipped.list() };
}

function toCase(record: FgveditRecord, seed: number, image: ImageRef, negatives: Probe[]): EditCase {
  const { split, number, family, scene, edit, src, rephrase, generality, locality, textLocality } = record;
  const wanted = (kind: Probe["kind"], question: string, answer: string): Probe => ({
    kind,
    image,
    question,
    expect: { answer },
  });
  return {
    id: `phantom-fgvedit-${seed}-${split}-${String(number).padStart(5, "0")}`,
    benchmark: "phantom/fgvedit",
    split,
    task: "edit-vision",
    image,
    question: src.question,
    answer: edit.from,
    target: src.answer,
    probes: [
      wanted("reliability", src.question, src.answer),
      wanted("text-generality", rephrase, src.answer),
      wanted("fine-grained-generality", generality.question, generality.answer),
      unchanged("fine-grained-locality", image, locality.question, locality.answer),
      unchanged("text-locality", undefined, textLocality.question, textLocality.answer),
      ...negatives,
    ],
    meta: { family, modality: scene.modality, entity: edit.entity },
  };
}

const unchanged = (
  kind: Probe["kind"],
  image: ImageRef | undefined,
  question: string,
  context: string,
  name?: string,
): Probe => ({
  kind,
  ...(name && { name }),
  ...(image && { image }),
  question,
  expect: { unchanged: true, context },
});

/** The edited question about the same scene with a third answer: only what the edit is about tells the two images apart. */
function askedOf({ src }: FgveditRecord, third: Scene, image: ImageRef): Probe[] {
  const ask = asksOf(third).find((ask) => questionKey(ask) === questionKey(src.ask));
  return ask ? [unchanged("image-locality", image, src.question, ask.answer, "same-question")] : [];
}

/** Whether the new finding is absent, which follows, and another attribute of an entity that the edit leaves in its place. */
function closeQuestions({ split, scene, edit, scope, generality, locality }: FgveditRecord, image: ImageRef): Probe[] {
  const stream = random(recordSeed(scene.seed, 1));
  const word = ({ family, word }: Ask) => wordFor({ split, role: "asked", family }, word, stream);
  const negated = scope.changed.find(({ ask }) => ask.family === "finding-absent" && ask.about[0] === edit.to)?.ask;
  const attributes = scope.unchanged.filter(
    (ask) => ask !== locality.ask && ask.about[0] === edit.entity && !/present|absent/.test(ask.family),
  );
  const attribute = attributes.length > 0 && edit.entity !== edit.from ? stream.pick(attributes) : undefined;
  return [
    ...(negated && negated !== generality.ask
      ? [
          {
            kind: "fine-grained-generality" as const,
            name: "negated",
            image,
            question: word(negated),
            expect: { answer: negated.answer },
          },
        ]
      : []),
    ...(attribute
      ? [unchanged("fine-grained-locality", image, word(attribute), attribute.answer, "other-attribute")]
      : []),
  ];
}
