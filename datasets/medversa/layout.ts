import type { FileLayout } from "../benchmark-files.ts";

/** Names in this project's own folders, then those of the authors' repository, whose folders are tried too. */
export const layout: FileLayout = {
  benchmark: "medversa",
  splits: {
    test: ["medversa_test.json", "test.json"],
    train: ["medversa_train.json", "train.json"],
    valid: ["medversa_valid.json", "valid.json"],
    pool: ["medmcqa_edit_gemini_2.0_flash_6000.json"],
    "pool-earlier": [/^medmcqa_edit_.*_final_new\.json$/],
  },
  folders: ["", "medversa", "data/medversa", "medrek/data/medversa", "data/medmcqa"],
  fingerprints: {
    "4d1e53cab2717d7c": { file: "medversa train", split: "train" },
    c171939a4c851a40: { file: "medversa valid", split: "valid" },
    "5a552e56082aa696": { file: "medversa test", split: "test" },
    "265ae3f24ec32a67": { file: "medversa pool of 6,000", split: "pool" },
    "83697df9bf97866e": { file: "medversa pool, earlier", split: "pool-earlier" },
    c2cc0b0f50132c63: { file: "medversa train, RECIPE fork (one rephrasing worded otherwise)", split: "train" },
  },
};
