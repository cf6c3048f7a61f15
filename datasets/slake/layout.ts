import type { FileLayout } from "../benchmark-files.ts";

export const layout: FileLayout = {
  benchmark: "slake",
  splits: { test: ["test.json"], train: ["train.json"], validate: ["validate.json"] },
  folders: ["", "Slake", "Slake1.0", "data"],
  fingerprints: {
    "7a9fb81f9d7bb145": { file: "slake train", split: "train" },
    "6be8f7b4c5a46cdb": { file: "slake test", split: "test" },
    "32b016440b0c3be1": { file: "slake validate", split: "validate" },
  },
};
