import { throwIfCancelled } from "../../../kernels/errors.ts";
import type { EditCase, ImageRef, Probe } from "../../case.ts";
import type { BenchmarkCases, CaseOptions } from "../../cases.ts";
import { hardNegativeProbe } from "../../hard-negative.ts";
import { sameAnswer } from "../../normalise-answer.ts";
import { Tally } from "../../reason-count.ts";
import { type Split } from "../knowledge/splits.ts";
import { phantomImage } from "./images.ts";
import { medmkeb } from "./medmkeb.ts";
import { medmkebMetadata } from "./medmkeb-json.ts";
import { type MedmkebRecord, medmkebRecord } from "./medmkeb-record.ts";
import type { Picture } from "./medmkeb-pictures.ts";

/**
 * Makes the edit cases of the exported form `medmkeb` without its files: records in their order, as far as the model gives their true
 * answer. Pictures are rendered when a case needs them and kept in `folder`, by default in the user's cache folder.
 *
 * Deterministic given the seed, which is that of an export, and the model's answers. Default split: test.
 * Throws: ExportSeedError, ImageCacheError, CancelledError, what `answer` throws.
 */
export async function medmkebCases(options: CaseOptions): Promise<BenchmarkCases> {
  const { folder, answer, limit, seed = 0, signal, onProgress } = options;
  const split = (options.split ?? "test") as Split;
  const skipped = new Tally();
  const cases: EditCase[] = [];
  for (let number = 0; number < medmkeb.counts[split] && cases.length < limit; number++) {
    throwIfCancelled(signal, "phantom/medmkeb cases");
    const record = medmkebRecord(split, seed, number);
    const picture = ({ scene, index }: Picture) => phantomImage(scene, `seed${seed}-${split}-${index}.png`, folder);
    if (!sameAnswer(await answer(await picture(record.image), record.src, signal), record.pred)) {
      skipped.add("the model answers it wrongly");
      continue;
    }
    cases.push(await toCase(record, seed, picture));
    onProgress?.(cases.length, limit);
  }
  return { cases, skipped: skipped.list() };
}

async function toCase(
  record: MedmkebRecord,
  seed: number,
  picture: (picture: Picture) => Promise<ImageRef>,
): Promise<EditCase> {
  const { id, split, family, src, rephrase, pred, alt, textLocality, imageLocality } = record;
  const image = await picture(record.image);
  const wanted = (kind: Probe["kind"], about: ImageRef, question: string, answer = alt, name?: string): Probe => ({
    kind,
    image: about,
    question,
    expect: { answer },
    ...(name && { name }),
  });
  const negatives = await Promise.all(
    record.hardNegatives.map(async (negative) =>
      hardNegativeProbe(negative.name, await picture(negative.image), negative),
    ),
  );
  return {
    id: `phantom-medmkeb-${seed}-${id}`,
    benchmark: "phantom/medmkeb",
    split,
    task: "edit-vision",
    image,
    question: src,
    answer: pred,
    target: alt,
    probes: [
      wanted("reliability", image, src),
      wanted("text-generality", image, rephrase),
      wanted("image-generality", await picture(record.imageRephrase), src),
      {
        kind: "text-locality",
        question: textLocality.question,
        expect: { unchanged: true, context: textLocality.answer },
      },
      {
        kind: "image-locality",
        name: "other-question",
        image: await picture(imageLocality.image),
        question: imageLocality.question,
        expect: { unchanged: true, context: imageLocality.answer },
      },
      ...record.portability.map(({ hops: hop, question, answer }) => ({
        ...wanted("portability", image, question, answer, `${hop}-hop`),
        hop,
      })),
      ...(record.attack ? [wanted("robustness", image, record.attack.question, alt, record.attack.name)] : []),
      ...negatives,
    ],
    meta: { family, ...medmkebMetadata(record) },
  };
}
