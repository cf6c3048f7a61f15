import { expect } from "chai";
import { SPLITS } from "../../../../datasets/phantom/knowledge/splits.ts";
import {
  exportSeed,
  ExportSeedError,
  FORM_NAMES,
  MAX_INDEX,
  MAX_SEED,
} from "../../../../datasets/phantom/forms/splits.ts";
import { sceneSeed } from "../../../../kernels/models/phantom/training/seeds.ts";

describe("exportSeed", () => {
  it("shares no scene between seeds, forms, splits and indices", () => {
    const seen = new Set<number>();
    let made = 0;
    for (const seed of [0, 1, 2, 3, MAX_SEED])
      for (const form of FORM_NAMES)
        for (const split of SPLITS)
          for (let index = 0; index <= MAX_INDEX; index += 23) {
            seen.add(exportSeed(form, split, seed, index) | 0);
            made++;
          }
    expect(seen.size).to.equal(made);
  });

  it("shares no scene with the training of the committed model", () => {
    const exported = new Set<number>();
    for (const seed of [0, 1, 2, 3, 4, 5, 6, 7])
      for (const form of FORM_NAMES)
        for (const split of SPLITS)
          for (let index = 0; index <= MAX_INDEX; index += 7) exported.add(exportSeed(form, split, seed, index) | 0);
    // 4,500 steps of 16 images and 2,000 of 32 are fewer than these.
    for (const seed of [0, 1, 2, 3, 4])
      for (const purpose of ["vision", "language", "test"] as const)
        for (let index = 0; index < 100_000; index++)
          if (exported.has(sceneSeed(seed, purpose, index) | 0))
            expect.fail(`training seed ${seed}, ${purpose} image ${index} is exported too`);
  });

  it("refuses a seed that would repeat another's scenes", () => {
    for (const seed of [-1, 0.5, MAX_SEED + 1, NaN])
      expect(() => exportSeed("medmkeb", "test", seed, 0)).to.throw(ExportSeedError, `seed ${seed}`);
  });
});
