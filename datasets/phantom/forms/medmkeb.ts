import { throwIfCancelled } from "../../../kernels/errors.ts";
import { type Split, SPLITS } from "../knowledge/splits.ts";
import { type FormFile, type FormOptions, jsonBytes, type PhantomForm } from "./form.ts";
import { imagePath, scenePng } from "./images.ts";
import { attackJson, medmkebJson } from "./medmkeb-json.ts";
import { medmkebRecord, picturesOf } from "./medmkeb-record.ts";

const FILES: Readonly<Record<Split, string>> = {
  train: "data/train_data.json",
  validation: "data/validation_data.json",
  test: "data/eval_data_threehop_final.json",
};
const ATTACK_FILE = "data/eval_data_attack.json";

/** Edits of what a model reads from an image, in the files and fields of MedMKEB. */
export const medmkeb: PhantomForm = {
  name: "medmkeb",
  summary: "edits of what is seen in images, with every probe of MedMKEB, its attacks and hard negatives",
  counts: { train: 1400, validation: 200, test: 700 },
  card: [
    "Files and fields are those of MedMKEB: `data/train_data.json`, `data/eval_data_threehop_final.json` (the test split), `data/eval_data_attack.json` (half of the test records, joined on image, src, pred and alt) and `images/`. `data/validation_data.json` is an addition.",
    "`pred` is what the image shows, `alt` another answer of the same type. `image_rephrase` shows the same in another image of the same modality. `port_new` asks what follows from `alt` through the knowledge base; an edit has it where `alt` is a finding, device or organ whose facts belong to its split.",
    "`edit_family` and `hard_negatives` are additions that readers of the published fields do not see. A hard negative is `same-question` (an image of another class: a third answer in the same modality, or the old answer in another one where there are only two), `same-image` (another question about the edited image), `other-attribute` (another question about an image of the same class) or `negated` (whether something is absent from the edited image). `expected` is `unchanged`, or `follows-from-alt` where the edit puts the finding there that the question denies.",
    "The splits share no image, no fact of the knowledge base that is asked for or from which a question leads on, and no wording of a question about an image or of the last step of a question about facts.",
  ],
  async *files({ seed, counts, signal, onProgress }: FormOptions): AsyncIterable<FormFile> {
    const number = (split: Split) => counts?.[split] ?? medmkeb.counts[split];
    const total = SPLITS.reduce((sum, split) => sum + number(split), 0);
    let done = 0;
    for (const split of SPLITS) {
      const records: object[] = [];
      const attacks: object[] = [];
      for (let i = 0; i < number(split); i++) {
        throwIfCancelled(signal, "exporting medmkeb");
        const record = medmkebRecord(split, seed, i);
        for (const { scene, index } of picturesOf(record))
          yield { path: imagePath(split, index), bytes: await scenePng(scene) };
        records.push(medmkebJson(record));
        if (record.attack) attacks.push(attackJson(record, record.attack));
        onProgress?.(++done, total);
      }
      yield { path: FILES[split], bytes: jsonBytes(records) };
      if (split === "test") yield { path: ATTACK_FILE, bytes: jsonBytes(attacks) };
    }
  },
};
