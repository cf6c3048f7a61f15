import { expect } from "chai";
import { render } from "../../../../datasets/phantom/render/index.ts";
import { sampleScene } from "../../../../datasets/phantom/world/sample-scene.ts";
import { FINDINGS, MODALITIES, SIZES } from "../../../../datasets/phantom/world/vocabulary.ts";
import type { FindingKind, Modality, Size } from "../../../../datasets/phantom/world/vocabulary.ts";

const SIZE = 128;
const RINGS = 6;
const FOLDS = [1, 2, 3, 4, 6];

/**
 * What of a mask does not turn with it: the share of each ring around the lesion's centre that is filled, and how strongly the filling
 * repeats itself 1, 2, 3, 4 and 6 times around.
 */
function descriptor(kind: FindingKind, size: Size, modality: Modality, seed: number): number[] {
  const scene = sampleScene(seed, {
    modality,
    findings: { exactly: [{ kind, size, count: 1 }] },
    devices: { exactly: [] },
  });
  const { radius, lesions } = scene.findings[0];
  const { mask } = render(scene).entities.find((entity) => entity.kind === kind)!;
  const filled = new Float64Array(RINGS);
  const pixels = new Float64Array(RINGS);
  const waves = FOLDS.map(() => [0, 0]);
  let all = 0;
  for (let i = 0; i < SIZE * SIZE; i++) {
    const x = ((i % SIZE) + 0.5) / SIZE - lesions[0].x;
    const y = (Math.floor(i / SIZE) + 0.5) / SIZE - lesions[0].y;
    const ring = Math.floor((Math.hypot(x, y) / (1.15 * radius)) * RINGS);
    if (ring >= RINGS) continue;
    pixels[ring]++;
    if (!mask[i]) continue;
    all++;
    filled[ring]++;
    FOLDS.forEach((fold, k) => {
      waves[k][0] += Math.cos(fold * Math.atan2(y, x));
      waves[k][1] += Math.sin(fold * Math.atan2(y, x));
    });
  }
  return [
    ...filled.map((count, ring) => count / Math.max(1, pixels[ring])),
    ...waves.map(([c, s]) => Math.hypot(c, s) / all),
  ];
}

const apart = (a: number[], b: number[]) => Math.hypot(...a.map((value, i) => value - b[i]));

describe("finding shapes", () => {
  for (const size of SIZES)
    it(`tell ${size} findings apart in every modality`, () => {
      const templates = FINDINGS.map((kind) => {
        const examples = Array.from({ length: 8 }, (_, seed) => descriptor(kind, size, "fundus", 400 + seed));
        return {
          kind,
          mean: examples[0].map((_, i) => examples.reduce((sum, one) => sum + one[i], 0) / examples.length),
        };
      });
      let right = 0;
      let total = 0;
      for (const modality of MODALITIES)
        for (const kind of FINDINGS)
          for (let seed = 0; seed < 6; seed++) {
            const seen = descriptor(kind, size, modality, seed);
            const nearest = [...templates].sort((a, b) => apart(a.mean, seen) - apart(b.mean, seen))[0];
            total++;
            if (nearest.kind === kind) right++;
          }
      expect(right / total).to.be.above(0.97);
    });
});
