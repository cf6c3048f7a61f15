import type { FileLayout } from "../benchmark-files.ts";

const folders = ["", "MedCF", "medcf", "data/MedCF", "data/medcf", "medrek/data/MedCF", "medrek/data/medcf"];

const whole = {
  test: ["medcf_test.json", "test.json"],
  train: ["medcf_train.json", "train.json"],
  valid: ["medcf_valid.json", "valid.json"],
};
const single = {
  test: ["medcf_test_single.json", "test_single.json"],
  train: ["medcf_train_single.json", "train_single.json"],
};

export const medcfLayout: FileLayout = {
  benchmark: "medcf",
  splits: { ...whole, test_new: ["medcf_test_new.json", "test_new.json"] },
  folders,
  fingerprints: {
    "55a780c14d7709b3": { file: "medcf train", split: "train" },
    "5f86243108eb3406": { file: "medcf valid", split: "valid" },
    "6c14f471352dab5a": { file: "medcf test", split: "test" },
    "85873c6ccb08639d": { file: "medcf test_new", split: "test_new" },
  },
};

export const medcfPlusLayout: FileLayout = {
  benchmark: "medcf++",
  splits: {
    test: [...single.test, ...whole.test],
    train: [...single.train, ...whole.train],
    valid: whole.valid,
  },
  folders,
  fingerprints: {
    cf356745334cb09f: { file: "medcf train_single", split: "train" },
    c976028383bf8052: { file: "medcf test_single", split: "test" },
    cefb3c7c8e89771d: {
      file: "medcf test_single, RECIPE fork (four records moved to positions 1 to 4)",
      split: "test",
    },
    "55a780c14d7709b3": { file: "medcf train, to be filtered", split: "train" },
    "5f86243108eb3406": { file: "medcf valid, to be filtered", split: "valid" },
    "6c14f471352dab5a": { file: "medcf test, to be filtered", split: "test" },
  },
};

export type LocalityKind = "target" | "mapping" | "struc" | "tokenSem" | "relation" | "head" | "head_relation";

interface LocalityFields {
  name: LocalityKind;
  prompt: string;
  answer: string;
}

const FOUR = (["target", "mapping", "struc", "tokenSem"] as const).map((name): LocalityFields => ({
  name,
  prompt: `locality_${name}_prompt`,
  answer: `locality_${name}_ground_truth`,
}));

/** `test_new.json` names its kinds otherwise, and hangs the answer's suffix on the prompt's key. */
const THREE = (["relation", "head", "head_relation"] as const).map((name): LocalityFields => ({
  name,
  prompt: `locality_${name}_prompt`,
  answer: `locality_${name}_prompt_ground_truth`,
}));

/** The locality items of a split's records and the fields that hold them. */
export const localityKinds = (split: string): readonly LocalityFields[] => (split === "test_new" ? THREE : FOUR);
