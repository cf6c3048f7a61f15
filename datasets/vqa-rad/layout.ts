import type { FileLayout } from "../benchmark-files.ts";

export const layout: FileLayout = {
  benchmark: "vqa-rad",
  splits: { train: ["trainset.json"], test: ["testset.json"] },
  folders: ["", "vqa-rad", "data"],
  fingerprints: {
    "0c3c6ea65481e51d": { file: "vqa-rad trainset", split: "train" },
    "149650b720eee2f8": { file: "vqa-rad testset", split: "test" },
  },
};
