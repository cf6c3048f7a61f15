import type { FileLayout } from "../benchmark-files.ts";

/**
 * The repository's layout, and the one of an adapter with one `eval.json`. `validation` is an addition of the phantom's export. No
 * fingerprint of the published files is known.
 */
export const layout: FileLayout = {
  benchmark: "medmkeb",
  splits: {
    eval: ["eval_data_threehop_final.json", "eval.json"],
    train: ["train_data.json", "train.json"],
    attack: ["eval_data_attack.json"],
    validation: ["validation_data.json"],
  },
  folders: ["data", "", "datasets/MedMKEB", "MedMKEB"],
  fingerprints: {},
};

/** Records of each published file (unconfirmed; benchmark description and the loaders of others). */
export const PUBLISHED_RECORDS: Readonly<Record<string, number>> = { eval: 2497, train: 4490, attack: 721 };
