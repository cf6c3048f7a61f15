import { expect } from "chai";
import { render } from "../../../../datasets/phantom/render/index.ts";
import { sampleScene } from "../../../../datasets/phantom/world/sample-scene.ts";
import type { Scene } from "../../../../datasets/phantom/world/scene.ts";
import { FINDINGS, MODALITIES, SIZES } from "../../../../datasets/phantom/world/vocabulary.ts";
import { boxOf, centreOf } from "./mask-measures.ts";

const SIZE = 128;
const scenes = MODALITIES.flatMap((modality) =>
  Array.from({ length: 40 }, (_, seed) => sampleScene(seed, { modality })),
);
const drawn = scenes.map((scene) => ({ scene, ...render(scene) }));
const key = (data: Uint8Array) => Buffer.from(data).toString("base64");

/** Largest difference of a channel, per pixel. */
const differences = (a: Uint8Array, b: Uint8Array) =>
  Array.from({ length: a.length / 3 }, (_, i) =>
    Math.max(...[0, 1, 2].map((channel) => Math.abs(a[3 * i + channel] - b[3 * i + channel]))),
  );

describe("render", () => {
  it("draws the same bytes from the same scene, and other ones from another seed", () => {
    for (const { scene, image } of drawn.slice(0, 60)) expect(render(scene).image).to.deep.equal(image);
    expect(new Set(drawn.map(({ image }) => key(image.data))).size).to.equal(drawn.length);
    const { scene, image } = drawn[0];
    expect(key(render({ ...scene, seed: scene.seed + 1 }).image.data)).not.to.equal(key(image.data));
  });

  it("makes an RGB picture of the wanted size, grey but for fundus and histology", () => {
    const small = render(scenes[0], 96);
    expect([small.image.width, small.image.height, small.image.data.length]).to.deep.equal([96, 96, 96 * 96 * 3]);
    expect(small.entities[0].mask).to.have.lengthOf(96 * 96);
    for (const { scene, image } of drawn) {
      expect([image.width, image.height, image.data.length]).to.deep.equal([SIZE, SIZE, SIZE * SIZE * 3]);
      const grey = !["fundus", "histology"].includes(scene.modality);
      const coloured = image.data.some((value, i) => i % 3 > 0 && value !== image.data[i - (i % 3)]);
      expect(coloured, scene.modality).to.equal(!grey);
    }
  });

  it("uses the range of grey values without losing itself in black or white", () => {
    for (const { scene, image } of drawn) {
      // Green: the stain of histology and the orange of the fundus leave it in the middle.
      const inside = Array.from(
        { length: 60 * 60 },
        (_, i) => image.data[3 * ((34 + Math.floor(i / 60)) * SIZE + 34 + (i % 60)) + 1],
      );
      const mean = inside.reduce((sum, value) => sum + value, 0) / inside.length;
      expect(mean, `${scene.modality} ${scene.seed}`).to.be.within(35, 245);
    }
  });

  it("gives every entity a mask in its box", () => {
    for (const { scene, entities } of drawn) {
      const kinds = [...scene.organs, ...scene.findings, ...scene.devices].map(({ kind }) => kind);
      expect(entities.map(({ kind }) => kind)).to.deep.equal(kinds);
      for (const entity of entities) {
        expect(centreOf(entity, SIZE).pixels, `${scene.modality} ${scene.seed} ${entity.kind}`).to.be.above(15);
        expect(entity.box).to.deep.equal(boxOf(entity, SIZE));
      }
    }
  });

  it("shows every pixel as part of one entity at most", () => {
    for (const { entities } of drawn) {
      const owners = new Uint8Array(SIZE * SIZE);
      for (const { mask } of entities) mask.forEach((seen, i) => (owners[i] += seen));
      expect(Math.max(...owners)).to.equal(1);
    }
  });

  it("shows findings and devices on their side and level", () => {
    for (const { scene, entities } of drawn)
      for (const { kind, side, level } of [...scene.findings, ...scene.devices]) {
        const { x, y } = centreOf(
          entities.find((entity) => entity.kind === kind)!,
          SIZE,
        );
        const what = `${scene.modality} ${scene.seed} ${kind} at ${x} ${y}`;
        expect(x < 0.5 ? "left" : "right", what).to.equal(side);
        expect(y < 0.5 ? "upper" : "lower", what).to.equal(level);
        expect(Math.min(Math.abs(x - 0.5), Math.abs(y - 0.5)), what).to.be.above(0.05);
      }
  });

  it("hides some of a covered finding, never most of it", () => {
    let covered = 0;
    for (const { scene, entities } of drawn)
      for (const { covers } of scene.devices) {
        if (!covers) continue;
        covered++;
        const bare = render({ ...scene, devices: [] }).entities.find(({ kind }) => kind === covers)!;
        const seen = centreOf(
          entities.find(({ kind }) => kind === covers)!,
          SIZE,
        ).pixels;
        const all = centreOf(bare, SIZE).pixels;
        expect(seen / all, `${scene.modality} ${scene.seed} ${covers}`).to.be.within(0.45, 0.999);
      }
    expect(covered).to.be.above(15);
  });

  it("draws large lesions clearly larger than small ones", () => {
    for (const kind of FINDINGS) {
      const [small, large] = SIZES.map((size) => {
        const findings = { exactly: [{ kind, size, count: 1 }] };
        const scene = sampleScene(11, { modality: "ct", findings, devices: { exactly: [] } });
        return centreOf(
          render(scene).entities.find((entity) => entity.kind === kind)!,
          SIZE,
        ).pixels;
      });
      expect(large / small, kind).to.be.within(2.2, 4.5);
    }
  });

  it("shows marked lesions about twice as clearly as mild ones, and mild ones well above the noise", () => {
    for (const modality of MODALITIES)
      for (const kind of FINDINGS) {
        const findings = { exactly: [{ kind, severity: "marked" as const, count: 2 }] };
        const marked = sampleScene(23, { modality, findings, devices: { exactly: [] } });
        const mild: Scene = { ...marked, findings: [{ ...marked.findings[0], severity: "mild" }] };
        const without = render({ ...marked, findings: [] }).image.data;
        const contrast = (scene: Scene) => {
          const { image, entities } = render(scene);
          const { mask } = entities.find((entity) => entity.kind === kind)!;
          const inside = differences(image.data, without).filter((_, i) => mask[i]);
          return inside.reduce((sum, value) => sum + value, 0) / inside.length;
        };
        const [strong, weak] = [contrast(marked), contrast(mild)];
        // View.noise is at most 0.026 of the range, 7 levels; edges are blurred.
        expect(weak, `${modality} ${kind}`).to.be.above(17);
        expect(strong / weak, `${modality} ${kind}`).to.be.within(1.35, 2.6);
      }
  });
});
