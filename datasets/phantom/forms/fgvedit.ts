import { throwIfCancelled } from "../../../kernels/errors.ts";
import { type Split, SPLITS } from "../knowledge/index.ts";
import { type FgveditRecord, fgveditRecord } from "./fgvedit-record.ts";
import { type FormFile, type FormOptions, jsonBytes, type PhantomForm } from "./form.ts";
import { scenePng } from "./images.ts";

const FILES: Readonly<Record<Split, string>> = {
  train: "data/FGVEdit/train_data.json",
  validation: "data/FGVEdit/validation_data.json",
  test: "data/FGVEdit/test_data.json",
};
const IMAGES = "data/images";

/** Edits of entities in images that show several, in the files and fields of FGVEdit. */
export const fgvedit: PhantomForm = {
  name: "fgvedit",
  summary:
    "edits of one entity among several that touch, with a question on the same image that follows and one that does not",
  counts: { train: 1500, validation: 250, test: 500 },
  card: [
    "Files and fields are those of FGVEdit: `data/FGVEdit/train_data.json`, `data/FGVEdit/test_data.json` and `data/images/`; `image` is relative to the latter. `data/FGVEdit/validation_data.json` is an addition. Every image belongs to one record.",
    "Every image shows at least three organs, findings and devices, of which some lie inside, run across, cover or stand next to another. `alt` is counterfactual: another finding or device in the place of one that is seen, another organ under a device, or the other side for a finding.",
    "`fg_gen` and `fg_loc` are found by comparing two scenes, the one that is shown and its twin in which the edit is true: `fg_gen_q` has another answer in the twin than in the image, or makes sense only there, and `fg_gen_a` is the twin's; `fg_loc_q` has the same answer in both. Questions whether the replaced entity is still there are left out, since an edit does not say so. Some `fg_gen_q` also need the knowledge base, as questions about the function of the organ that a device crosses.",
    "`loc` asks for a fact of the knowledge base that names nothing of the edit. The splits share no image, no head of the facts that are asked for, and no wording.",
  ],
  async *files({ seed, counts, signal, onProgress }: FormOptions): AsyncIterable<FormFile> {
    const number = (split: Split) => counts?.[split] ?? fgvedit.counts[split];
    const total = SPLITS.reduce((sum, split) => sum + number(split), 0);
    let done = 0;
    for (const split of SPLITS) {
      const records: FgveditJson[] = [];
      for (let i = 0; i < number(split); i++) {
        throwIfCancelled(signal, "exporting fgvedit");
        const record = fgveditRecord(split, seed, i);
        yield { path: `${IMAGES}/${fgveditImage(record)}`, bytes: await scenePng(record.scene) };
        records.push(fgveditJson(record));
        onProgress?.(++done, total);
      }
      yield { path: FILES[split], bytes: jsonBytes(records) };
    }
  },
};

/** Where a record's image lies below the images' folder. */
export const fgveditImage = ({ split, number }: Pick<FgveditRecord, "split" | "number">): string =>
  `${split}/PHANTOM_${split}_${String(number).padStart(6, "0")}.png`;

export interface FgveditJson {
  image: string;
  src: string;
  alt: string;
  rephrase: string;
  fg_gen_q: string;
  fg_gen_a: string;
  fg_loc_q: string;
  fg_loc_a: string;
  loc: string;
  loc_ans: string;
}

const fgveditJson = (record: FgveditRecord): FgveditJson => ({
  image: fgveditImage(record),
  src: record.src.question,
  alt: record.src.answer,
  rephrase: record.rephrase,
  fg_gen_q: record.generality.question,
  fg_gen_a: record.generality.answer,
  fg_loc_q: record.locality.question,
  fg_loc_a: record.locality.answer,
  loc: record.textLocality.question,
  loc_ans: record.textLocality.answer,
});
