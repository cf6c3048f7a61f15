import { type FormFile, type FormOptions, jsonBytes, type PhantomForm } from "./form.ts";
import { scenePng } from "./images.ts";
import { categoriesOf, sceneCaption } from "./mediconfusion-caption.ts";
import { pandasCsv } from "./mediconfusion-csv.ts";
import { DETAIL_QUANTILE, ENCODER_QUANTILE, type MinedPair, mineConfusionPairs } from "./mediconfusion-mine.ts";
import { CONFUSION_PAIRS, lettered, requireEncoder } from "./mediconfusion-pairs.ts";

const FIRST_ID = 10_001;
const FIRST_LOCAL = 20_000;

/** Pairs of images that look alike to a model's own encoder, in the files and fields of MediConfusion. */
export const mediconfusion: PhantomForm = {
  name: "mediconfusion",
  summary: "pairs of images that the model's encoder sees as alike and that one question tells apart",
  needsEncoder: true,
  counts: { train: 0, validation: 0, test: CONFUSION_PAIRS },
  card: [
    "Files and fields are those of MediConfusion: `data/dataset.json`, `data/dataset.csv`, `data/image_dict.json`, `data/stats/statistics.json`. `im_1` and `im_2` are paths relative to this folder, and `dlink` is empty because the images are here. `data/stats/mining.json` is an addition: both cut-offs of each modality and attribute, and what was changed in each pair.",
    `Candidates are scenes whose findings are all small and faint, and what one change of one finding makes of them: another kind in its place, one lesion less, large, marked, or gone; the second image has texture and noise of its own. Both are taken as all pictures of this world are, with no more noise and blur. Kept are candidates with \`BiomedCLIP_sim\`, here the cosine of what the model's own encoder makes of one place of the two images, of the place where it is lowest, at or above the ${ENCODER_QUANTILE} quantile of the candidates of the same modality and attribute, and \`DINO_sim\`, here the similarity of the two images' gradients where they are least alike, at or below the ${DETAIL_QUANTILE} quantile; of these the most alike to the encoder. Answers of a model play no part. The names of the fields are the published ones; neither BiomedCLIP nor DINOv2 was used.`,
    "Each scene is in one pair only, so pairs are independent of each other. The first image is right with A and with B equally often.",
    "`cap_1` and `cap_2` contain the answers and `AI_question`, `AI_option_A` and `AI_option_B` are a draft: never pass them to a model as context. One option of the draft is a text distractor, an answer of the same type that neither image shows; where there are two answers only, such as left and right, the draft has the final options.",
  ],
  async *files({ seed, counts, encode, signal, onProgress }: FormOptions): AsyncIterable<FormFile> {
    const count = counts?.test ?? CONFUSION_PAIRS;
    const mined = await mineConfusionPairs({ encode: requireEncoder(encode), seed, count, signal, onProgress });
    for (const [i, { scenes }] of mined.pairs.entries())
      for (const [j, scene] of scenes.entries()) yield { path: pathOf(2 * i + j), bytes: await scenePng(scene) };

    const records = mined.pairs.map(toRecord);
    const byId = Object.fromEntries(records.map((record, i) => [String(FIRST_ID + i), record]));
    const rows = records.map((record, i) => ({ id: FIRST_ID + i, ...record }));
    yield { path: "data/dataset.json", bytes: jsonBytes(byId) };
    yield { path: "data/dataset.csv", bytes: new TextEncoder().encode(pandasCsv(rows)) };
    yield { path: "data/image_dict.json", bytes: jsonBytes(imageDict(2 * records.length)) };
    yield { path: "data/stats/statistics.json", bytes: jsonBytes(appearances(records)) };
    yield { path: "data/stats/mining.json", bytes: jsonBytes(miningReport(mined, count)) };
  },
};

export type MediconfusionRecord = ReturnType<typeof toRecord>;

/** Where image number `index` of the set lies; the images of pair i are numbers 2i and 2i + 1. */
const pathOf = (index: number) => `test/radiology/images/PHANTOM_${FIRST_LOCAL + index}.png`;

function toRecord(pair: MinedPair, i: number) {
  const [one, two] = pair.scenes;
  const { letters, question, options, draft } = lettered(pair, i);
  return {
    im_1: pathOf(2 * i),
    im_2: pathOf(2 * i + 1),
    im_1_local: FIRST_LOCAL + 2 * i,
    im_2_local: FIRST_LOCAL + 2 * i + 1,
    cap_1: sceneCaption(one),
    cap_2: sceneCaption(two),
    category_1: categoriesOf(one),
    category_2: categoriesOf(two),
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

const imageDict = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const path = pathOf(index);
      const name = path.slice(path.lastIndexOf("/") + 1);
      return [path, { local: FIRST_LOCAL + index, dlink: "", file_name: name }];
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
    pairs.map(({ change, family, modality }, i) => [
      String(FIRST_ID + i),
      { modality, family, change: `${change.entity} ${change.attribute}` },
    ]),
  ),
});
