import { throwIfCancelled } from "../../kernels/errors.ts";
import { random } from "../../kernels/random.ts";
import type { EditCase, ImageRef, Probe } from "../case.ts";
import type { BenchmarkCases, CaseOptions } from "../cases.ts";
import { verifyImages } from "../image.ts";
import { BenchmarkMissingError } from "../read-json-array.ts";
import { sameAnswer } from "../normalise-answer.ts";
import { Tally } from "../reason-count.ts";
import { recordSeed } from "../record-seed.ts";
import { localityDrawer } from "./draw-locality.ts";
import { targetDrawer } from "./draw-target.ts";
import { askedKey, readVqaRad } from "./read.ts";
import type { VqaRadRecord } from "./record.ts";
import { rephrasings } from "./rephrasings.ts";

/**
 * Makes edit cases from VQA-RAD: freeform training questions that the model answers correctly, in an order drawn with the seed, each
 * with a counterfactual target and its probes. Records are tried one after another until `limit` cases exist, so that a model that is
 * right on most training questions is asked little more than `limit` questions, none twice.
 *
 * Deterministic given the seed and the model's answers; one record's target and probes do not depend on what was tried before it.
 * Returns fewer cases where the records run out; `skipped` says why records were left out.
 * Throws: BenchmarkMissingError without a folder; ImageUnreadableError before anything is asked; what `readVqaRad` and `answer` throw; CancelledError between questions.
 */
export async function vqaRadCases(options: CaseOptions): Promise<BenchmarkCases> {
  const { folder, answer, limit, seed = 0, checkImages = true, signal, onProgress } = options;
  if (folder === undefined)
    throw new BenchmarkMissingError(
      "vqa-rad: no folder was given. Pass the folder that holds trainset.json, testset.json and images/.",
    );
  const data = await readVqaRad(folder, { split: "train", onInvalid: options.onInvalid });
  if (checkImages)
    await verifyImages(
      data.records.map(({ image }) => image),
      signal,
    );
  const skipped = new Tally();
  for (const { reason, count } of data.skipped) skipped.add(reason, count);

  const drawTarget = targetDrawer(data.records);
  const drawLocality = localityDrawer(data.records);
  const reworded = rephrasings(data.records);
  const tried = new Set<string>();
  const cases: EditCase[] = [];
  const freeform = data.records.filter(({ phraseType }) => phraseType === "freeform");
  for (const record of random(seed).shuffle(freeform)) {
    if (cases.length === limit) break;
    throwIfCancelled(signal, "vqa-rad cases");
    if (tried.has(askedKey(record))) {
      skipped.add("the same image and question were tried already");
      continue;
    }
    tried.add(askedKey(record));
    // A stream of its own, so that a record keeps its target whatever the model said about the records before it.
    const stream = random(recordSeed(seed, record.qid));
    const target = drawTarget(record, stream);
    if (target === undefined) {
      skipped.add("no other answer of this question type");
      continue;
    }
    const said = await answer(record.image, record.question, signal);
    if (!sameAnswer(said, record.answer)) {
      skipped.add("the model answers it wrongly");
      continue;
    }
    const rewordings = reworded.get(record) ?? [];
    cases.push(toCase(record, spelledLike(said, target), rewordings, drawLocality(record, rewordings, stream)));
    onProgress?.(cases.length, limit);
  }
  return { cases, skipped: skipped.list() };
}

/** Lower case where the model writes so: token accuracy shall compare answers, not capitals (the records mix "Yes" and "yes"). */
const spelledLike = (said: string, target: string) =>
  said === said.toLowerCase() && said !== said.toUpperCase() ? target.toLowerCase() : target;

function toCase(
  record: VqaRadRecord,
  target: string,
  rewordings: readonly VqaRadRecord[],
  locality: Probe[],
): EditCase {
  const { image, question, answer } = record;
  const wanted = (kind: Probe["kind"], asked: string, about: ImageRef): Probe => ({
    kind,
    image: about,
    question: asked,
    expect: { answer: target },
  });
  return {
    id: `vqa-rad-${record.qid}`,
    benchmark: "vqa-rad",
    split: "train",
    task: "edit-vision",
    image,
    question,
    answer,
    target,
    probes: [
      wanted("reliability", question, image),
      ...rewordings.slice(0, 1).map((reworded) => wanted("text-generality", reworded.question, image)),
      ...locality,
    ],
    meta: {
      organ: record.organ,
      modality: record.modality,
      question_type: record.questionTypes.join(", "),
      answer_type: record.closed ? "CLOSED" : "OPEN",
      qid: String(record.qid),
    },
  };
}
