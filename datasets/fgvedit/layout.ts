import type { FileLayout } from "../benchmark-files.ts";

/** `validation` is an addition of the phantom's export. No fingerprint of the published files is known. */
export const layout: FileLayout = {
  benchmark: "fgvedit",
  splits: { test: ["test_data.json"], train: ["train_data.json"], validation: ["validation_data.json"] },
  folders: ["data/FGVEdit", "FGVEdit", ""],
  fingerprints: {},
};

export const PUBLISHED_RECORDS: Readonly<Record<string, number>> = { train: 8334, test: 2778 };
