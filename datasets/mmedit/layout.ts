import type { FileLayout } from "../benchmark-files.ts";

/** E-VQA, whose splits are the plain ones, and E-IC (captions). */
export const layout: FileLayout = {
  benchmark: "mmedit",
  splits: {
    eval: ["vqa_eval.json"],
    train: ["vqa_train.json"],
    "caption-eval": ["caption_eval_edit.json"],
    "caption-train": ["caption_train_edit.json"],
  },
  folders: ["", "vqa", "caption", "editing-data/vqa", "editing-data/caption"],
  fingerprints: {
    "82e242bd7fd3ab85": { file: "mmedit vqa_train", split: "train" },
    "7299743ebe2854b2": { file: "mmedit vqa_eval", split: "eval" },
    "7c2215a419b82249": { file: "mmedit caption_eval_edit", split: "caption-eval" },
  },
};
