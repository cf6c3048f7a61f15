import { expect } from "chai";
import { detailOf, detailSimilarity } from "../../../../datasets/phantom/forms/mediconfusion-detail.ts";
import { render } from "../../../../datasets/phantom/render/index.ts";
import { withChange } from "../../../../datasets/phantom/world/sample-scene-change.ts";
import { sampleScene } from "../../../../datasets/phantom/world/sample-scene.ts";
import type { Scene } from "../../../../datasets/phantom/world/scene.ts";

const detail = (scene: Scene) => detailOf(render(scene).image);

describe("detailSimilarity", () => {
  it("is 1 for an image and itself, symmetric, and at most 1", () => {
    const [a, b] = [detail(sampleScene(1, { modality: "ct" })), detail(sampleScene(2, { modality: "ct" }))];
    expect(detailSimilarity(a, a)).to.equal(1);
    expect(detailSimilarity(a, b)).to.equal(detailSimilarity(b, a)).and.to.be.within(-1, 1);
  });

  it("notices one large lesion more than new noise, in most scenes of every modality", () => {
    let noticed = 0;
    let scenes = 0;
    for (const modality of ["radiograph", "ct", "mr", "ultrasound", "fundus", "histology"] as const)
      for (let seed = 0; seed < 6; seed++) {
        const scene = sampleScene(seed, {
          modality,
          devices: { exactly: [] },
          findings: { exactly: [{ kind: "glimmar", size: "large", severity: "marked", count: 1, inside: null }] },
        });
        const without = withChange(scene, { entity: "glimmar", attribute: "presence" });
        if (!without) continue;
        const before = detail(scene);
        const noise = detailSimilarity(before, detail({ ...scene, seed: scene.seed + 1000 }));
        if (detailSimilarity(before, detail(without)) < noise) noticed++;
        scenes++;
      }
    expect(scenes).to.be.above(18);
    expect(noticed / scenes).to.be.above(0.9);
  });
});
