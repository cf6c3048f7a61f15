import { expect } from "chai";
import { sampleScene } from "../../../../../../datasets/phantom/world/sample-scene.ts";
import { MODALITIES } from "../../../../../../datasets/phantom/world/vocabulary.ts";
import type { Found } from "../../../../../../kernels/models/phantom/retrieval/exam/found.ts";
import { imageExam } from "../../../../../../kernels/models/phantom/retrieval/exam/image-exam.ts";
import type { RetrievalEncoder } from "../../../../../../kernels/models/phantom/retrieval/load-encoder.ts";
import { captionOf } from "../../../../../../kernels/models/phantom/retrieval/pairs/caption.ts";

const COUNT = 18;
const scenes = Array.from({ length: COUNT }, (_, i) => sampleScene(400 + i, { modality: MODALITIES[i % 6] }));

/** A vector of its own for every caption. */
function oracle(): (caption: string) => Promise<Float32Array> {
  const known: string[] = [];
  return async (caption) => {
    if (!known.includes(caption)) known.push(caption);
    return Float32Array.from({ length: 6 * COUNT }, (_, i) => Number(known[i] === caption));
  };
}

const sit = (embed: (caption: string) => Promise<Float32Array>): Promise<Found[]> => {
  // A picture is named by what it shows, so that the encoder's answer can be known.
  const encoder: RetrievalEncoder = { text: embed, image: ({ id }) => embed(id), dispose: async () => {} };
  return imageExam(encoder, scenes, 1, { picture: async (scene) => ({ id: captionOf(scene), path: "" }) });
};

describe("the image exam", () => {
  it("looks up every scene in both directions and in another taking, among all and among those of its modality", async () => {
    const found = await sit(oracle());
    for (const group of ["caption", "image", "retaken"] as const) {
      const mixed = found.filter((each) => each.group === group);
      expect(mixed).to.have.length(COUNT);
      expect(mixed.every(({ candidates }) => candidates === COUNT)).to.equal(true);
      const alike = found.filter((each) => each.group === `${group}-modality`);
      expect(alike).to.have.length(COUNT);
      expect(alike.every(({ candidates }) => candidates === COUNT / 6)).to.equal(true);
    }
    for (const group of ["caption-changed", "retaken-changed"] as const) {
      const changed = found.filter((each) => each.group === group);
      expect(changed).to.have.length.above(COUNT / 2);
      expect(changed.every(({ candidates }) => candidates === 2)).to.equal(true);
    }
  });

  it("gives everything to an encoder that knows what is shown, and nothing to one for which all is the same", async () => {
    expect((await sit(oracle())).every(({ rank }) => rank === 0)).to.equal(true);
    expect((await sit(async () => Float32Array.of(1))).every(({ rank }) => rank > 0)).to.equal(true);
  });
});
