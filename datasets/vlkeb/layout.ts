import type { FileLayout } from "../benchmark-files.ts";

export const layout: FileLayout = {
  benchmark: "vlkeb",
  splits: {
    eval: ["eval.json"],
    eval_multihop: ["eval_multihop.json"],
    eval_edit_onehop: ["eval_edit_onehop.json"],
    train: ["train.json"],
  },
  folders: ["", "VLKEB", "data/VLKEB", "data"],
  fingerprints: {
    "72c47efe00773bb1": { file: "vlkeb eval", split: "eval" },
    f32256e7c317d5a1: { file: "vlkeb eval_edit_onehop", split: "eval_edit_onehop" },
  },
};
