import { expect } from "chai";
import { captionOf } from "../../../../../../kernels/models/phantom/retrieval/pairs/caption.ts";
import { changeSomething } from "../../../../../../kernels/models/phantom/retrieval/pairs/change-something.ts";
import { retake } from "../../../../../../kernels/models/phantom/retrieval/pairs/retake.ts";
import { render } from "../../../../../../datasets/phantom/render/index.ts";
import { sampleScene } from "../../../../../../datasets/phantom/world/sample-scene.ts";
import { random } from "../../../../../../kernels/random.ts";

const scenes = Array.from({ length: 24 }, (_, i) => sampleScene(700 + i));

describe("a caption", () => {
  it("names modality, organs, findings with their attributes and devices, in an order that is not the scene's", () => {
    for (const scene of scenes) {
      const caption = captionOf(scene);
      const { organs, findings, devices } = scene;
      expect(caption.startsWith(`${scene.modality} of the `)).to.equal(true);
      for (const { kind } of [...organs, ...findings, ...devices]) expect(caption).to.include(kind);
      for (const { kind, size, severity, level, side } of findings)
        expect(caption).to.include(`${size} ${severity} ${kind} at the ${level} ${side}`);
      const turned = { ...scene, organs: [...organs].reverse(), findings: [...findings].reverse(), devices: [...devices].reverse() }; // prettier-ignore
      expect(captionOf(turned)).to.equal(caption);
    }
  });

  it("changes with one attribute of one finding or device, and not with another taking", () => {
    const stream = random(5);
    let changes = 0;
    for (const scene of scenes) {
      const changed = changeSomething(scene, stream);
      if (!changed) continue;
      changes++;
      expect(captionOf(changed)).to.not.equal(captionOf(scene));
      expect(captionOf(retake(scene, 9, changed.view))).to.equal(captionOf(scene));
    }
    expect(changes).to.be.above(15);
  });
});

describe("another taking of a scene", () => {
  it("has other pixels and the same entities in the same places", () => {
    for (const scene of scenes.slice(0, 6)) {
      const [first, second] = [render(scene), render(retake(scene, ~scene.seed, scenes[7].view))];
      const apart = first.image.data.reduce((sum, value, i) => sum + Math.abs(value - second.image.data[i]), 0);
      expect(apart / first.image.data.length, scene.modality).to.be.above(2);
      expect(second.entities).to.deep.equal(first.entities);
    }
  });
});
