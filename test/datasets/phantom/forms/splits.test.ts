import { expect } from "chai";
import { SPLITS } from "../../../../datasets/phantom/knowledge/splits.ts";
import {
  exportSeed,
  ExportSeedError,
  SCENE_USERS,
  isTrainedSeed,
  MAX_INDEX,
  MAX_SEED,
} from "../../../../datasets/phantom/forms/splits.ts";
import { STAGES } from "../../../../kernels/models/phantom/training/batch-protocol.ts";
import { sceneSeed } from "../../../../kernels/models/phantom/training/seeds.ts";

const PURPOSES = [...STAGES, "test"] as const;
/** Scenes whose seeds share their upper bits: four million of one purpose, or four seeds of exports. */
const block = (scene: number) => scene >>> 22;

describe("exportSeed", () => {
  it("shares no scene between seeds, forms, splits and indices", () => {
    const seen = new Set<number>();
    let made = 0;
    for (const seed of [0, 1, 2, 3, MAX_SEED])
      for (const form of SCENE_USERS)
        for (const split of SPLITS)
          for (let index = 0; index <= MAX_INDEX; index += 23) {
            seen.add(exportSeed(form, split, seed, index) | 0);
            made++;
          }
    expect(seen.size).to.equal(made);
  });

  it("shares no scene with the first four million that the committed model's training may draw for each of its purposes", () => {
    // The committed model is trained from seed 1.
    const trained = new Set(PURPOSES.map((purpose) => block(sceneSeed(1, purpose, 0))));
    for (const purpose of PURPOSES)
      for (let index = 0; index < 2 ** 22; index += 4099)
        expect(trained.has(block(sceneSeed(1, purpose, index)))).to.equal(true);
    let refused = 0;
    for (let seed = 0; seed <= MAX_SEED; seed++) {
      if (isTrainedSeed(seed)) {
        expect(() => exportSeed("fgvedit", "test", seed, 0)).to.throw(ExportSeedError, `seed ${seed} draws scenes`);
        refused++;
        continue;
      }
      for (const form of SCENE_USERS)
        for (const split of SPLITS)
          for (const index of [0, MAX_INDEX])
            expect(trained.has(block(exportSeed(form, split, seed, index))), `seed ${seed}`).to.equal(false);
    }
    expect(refused).to.equal(4 * trained.size);
  });

  it("shares none with trainings from other small seeds, for export seeds below 100", () => {
    for (const seed of [0, 2, 3, 4])
      for (const purpose of PURPOSES)
        expect(block(sceneSeed(seed, purpose, 0)), `training seed ${seed}, ${purpose}`).to.be.at.least(100 / 4);
  });

  it("leaves the scenes of a training and those of its test apart, and those of its stages", () => {
    for (const seed of [0, 1, 2, 3, 4])
      expect(new Set(PURPOSES.map((purpose) => block(sceneSeed(seed, purpose, 0)))).size, `seed ${seed}`).to.equal(
        PURPOSES.length,
      );
  });

  it("refuses a seed that would repeat another's scenes", () => {
    for (const seed of [-1, 0.5, MAX_SEED + 1, NaN])
      expect(() => exportSeed("medmkeb", "test", seed, 0)).to.throw(ExportSeedError, `seed ${seed}`);
  });
});
