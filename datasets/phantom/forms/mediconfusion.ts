import { type FormFile, type FormOptions, jsonBytes, type PhantomForm } from "./form.ts";
import { scenePng } from "./images.ts";
import { categoriesOf, sceneCaption } from "./mediconfusion-caption.ts";
import { pandasCsv } from "./mediconfusion-csv.ts";
import { DETAIL_QUANTILE, ENCODER_QUANTILE, type MinedPair, mineConfusionPairs } from "./mediconfusion-mine.ts";
import { CONFUSION_PAIRS, imageNumbers, lettered, requireEncoder } from "./mediconfusion-pairs.ts";
import type { PoolImage } from "./mediconfusion-pool.ts";

const FIRST_ID = 10_001;
const FIRST_LOCAL = 20_000;

/** Pairs of images that look alike to a model's own encoder, in the files and fields of MediConfusion. */
export const mediconfusion: PhantomForm = {
  name: "mediconfusion",
  summary: "pairs of images that the model's encoder sees as alike and that one question tells apart",
  needsEncoder: true,
  counts: { train: 0, validation: 0, test: CONFUSION_PAIRS },
  card: [
    "Files and fields are those of MediConfusion: `data/dataset.json`, `data/dataset.csv`, `data/image_dict.json`, `data/stats/statistics.json`. `im_1` and `im_2` are paths relative to this folder, and `dlink` is empty because the images are here. `data/stats/mining.json` is an addition: both cut-offs of each modality, and what was changed and the cluster of each pair.",
    `Candidates are scenes with one attribute of one entity changed, rendered with new noise, and each scene with the one that the encoder sees as nearest among the others of its modality. Kept are candidates with \`BiomedCLIP_sim\`, here the cosine of the model's own encoder, at or above the ${ENCODER_QUANTILE} quantile of the modality's candidates, and \`DINO_sim\`, here the similarity of the two images' gradients where they are least alike, at or below the ${DETAIL_QUANTILE} quantile. The names of the fields are the published ones; neither BiomedCLIP nor DINOv2 was used.`,
    "No image is in more than two pairs. Pairs that share images have one cluster in `mining.json`; resample clusters for intervals. The first image is right with A and with B equally often.",
    "`cap_1` and `cap_2` contain the answers and `AI_question`, `AI_option_A` and `AI_option_B` are a draft: never pass them to a model as context. One option of the draft is a text distractor, an answer of the same type that neither image shows; where there are two answers only, such as left and right, the draft has the final options.",
  ],
  async *files({ seed, counts, encode, signal, onProgress }: FormOptions): AsyncIterable<FormFile> {
    const count = counts?.test ?? CONFUSION_PAIRS;
    const mined = await mineConfusionPairs({ encode: requireEncoder(encode), seed, count, signal, onProgress });
    const numbers = imageNumbers(mined.pairs);
    const path = (image: PoolImage) => `test/radiology/images/PHANTOM_${FIRST_LOCAL + numbers.get(image)!}.png`;
    for (const image of numbers.keys()) yield { path: path(image), bytes: await scenePng(image.scene) };

    const records = mined.pairs.map((pair, i) => toRecord(pair, i, path, numbers));
    const byId = Object.fromEntries(records.map((record, i) => [String(FIRST_ID + i), record]));
    const rows = records.map((record, i) => ({ id: FIRST_ID + i, ...record }));
    yield { path: "data/dataset.json", bytes: jsonBytes(byId) };
    yield { path: "data/dataset.csv", bytes: new TextEncoder().encode(pandasCsv(rows)) };
    yield { path: "data/image_dict.json", bytes: jsonBytes(imageDict(numbers, path)) };
    yield { path: "data/stats/statistics.json", bytes: jsonBytes(appearances(records)) };
    yield { path: "data/stats/mining.json", bytes: jsonBytes(miningReport(mined, count)) };
  },
};

export type MediconfusionRecord = ReturnType<typeof toRecord>;

function toRecord(pair: MinedPair, i: number, path: (image: PoolImage) => string, numbers: Map<PoolImage, number>) {
  const [one, two] = pair.images;
  const { letters, question, options, draft } = lettered(pair, i);
  return {
    im_1: path(one),
    im_2: path(two),
    im_1_local: FIRST_LOCAL + numbers.get(one)!,
    im_2_local: FIRST_LOCAL + numbers.get(two)!,
    cap_1: sceneCaption(one.scene),
    cap_2: sceneCaption(two.scene),
    category_1: categoriesOf(one.scene),
    category_2: categoriesOf(two.scene),
    BiomedCLIP_sim: rounded(pair.encoder),
    DINO_sim: rounded(pair.detail),
    question,
    option_A: options[0],
    option_B: options[1],
    im_1_correct: letters[0],
    im_2_correct: letters[1],
    AI_question: draft.question,
    AI_option_A: draft.options[0],
    AI_option_B: draft.options[1],
  };
}

/** As many places as a 32-bit number has. */
const rounded = (value: number) => Number(value.toFixed(7));

const imageDict = (numbers: Map<PoolImage, number>, path: (image: PoolImage) => string) =>
  Object.fromEntries(
    [...numbers].map(([image, number]) => {
      const name = path(image);
      return [name, { local: FIRST_LOCAL + number, dlink: "", file_name: name.slice(name.lastIndexOf("/") + 1) }];
    }),
  );

function appearances(records: readonly MediconfusionRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { category_1, category_2 } of records)
    for (const category of [...category_1, ...category_2]) counts[category] = (counts[category] ?? 0) + 1;
  return counts;
}

const miningReport = ({ pairs, thresholds }: Awaited<ReturnType<typeof mineConfusionPairs>>, wanted: number) => ({
  wanted,
  found: pairs.length,
  quantiles: { BiomedCLIP_sim: ENCODER_QUANTILE, DINO_sim: DETAIL_QUANTILE },
  thresholds,
  pairs: Object.fromEntries(
    pairs.map(({ cluster, change, family, modality }, i) => [
      String(FIRST_ID + i),
      { cluster, modality, family, change: change ? `${change.entity} ${change.attribute}` : null },
    ]),
  ),
});
