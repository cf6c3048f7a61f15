import type { FileLayout } from "../benchmark-files.ts";

/** Both files hold the same pairs; "csv" reads the other one. */
export const layout: FileLayout = {
  benchmark: "mediconfusion",
  splits: { test: ["dataset.json"], csv: ["dataset.csv"] },
  folders: ["data", "", "mediconfusion"],
  fingerprints: {
    "36e5052ebe370aac": { file: "mediconfusion dataset.json", split: "test" },
    d99702d0140ecfcc: { file: "mediconfusion dataset.csv", split: "csv" },
  },
};

/** Folders in which images lie by their number, as the official fetcher and ours store them. */
export const LOCAL_FOLDERS = ["images", "data/images", "data"] as const;
/** Folders below which images lie by their path in ROCO; "" where an export brings them along. */
export const ROCO_FOLDERS = ["", "roco-dataset/data", "data"] as const;
