import { expect } from "chai";
import { render } from "../../../../../datasets/phantom/render/index.ts";
import { sampleScene } from "../../../../../datasets/phantom/world/sample-scene.ts";
import {
  DENSE_CLASSES,
  denseFeeds,
  denseTargets,
} from "../../../../../kernels/models/phantom/training/dense-targets.ts";

const scene = sampleScene(11, {
  modality: "ct",
  findings: { exactly: [{ kind: "velkin", size: "large", severity: "mild" }] },
});
const { entities } = render(scene, 128);
const targets = denseTargets(scene, entities);
const cell = (place: number, name: string) => place * DENSE_CLASSES.length + DENSE_CLASSES.indexOf(name as never);
const at = (place: number, name: string) => targets.values[cell(place, name)];
const places = [...Array(64).keys()];

describe("what the encoder learns to see", () => {
  it("names the modality in every place and no other one", () => {
    expect(places.every((place) => at(place, "ct") === 1 && at(place, "mr") === 0)).to.equal(true);
  });

  it("shows every entity in exactly the places that its mask touches, fully from 16 pixels on", () => {
    for (const { kind, mask } of entities) {
      const pixels = places.map(
        (place) => mask.filter((on, i) => on && (i >> 11) * 8 + ((i & 127) >> 4) === place).length,
      );
      expect(pixels.some((count) => count > 0)).to.equal(true);
      places.forEach((place) => expect(at(place, kind)).to.be.closeTo(Math.min(1, pixels[place] / 16), 1e-6));
    }
  });

  it("gives a finding's size and severity where it is", () => {
    const seen = places.filter((place) => at(place, "velkin") === 1);
    expect(seen).not.to.have.length(0);
    for (const place of seen) {
      expect([at(place, "large"), at(place, "mild")]).to.deep.equal([1, 1]);
      expect([at(place, "small"), at(place, "marked")]).to.deep.equal([0, 0]);
    }
  });

  it("says nothing of what the scene does not show", () => {
    expect(places.every((place) => at(place, "glimmar") === 0 && at(place, "aurel") === 0)).to.equal(true);
  });

  it("weighs kinds, sizes and severities by how much of a finding a place shows, and little elsewhere", () => {
    const { weights } = targets;
    const empty = places.filter((place) => at(place, "velkin") === 0);
    expect(empty).not.to.have.length(0);
    for (const place of places)
      for (const name of ["velkin", "glimmar", "small", "marked", "three"])
        expect(weights[cell(place, name)]).to.be.closeTo(Math.max(0.05, at(place, "velkin")), 1e-6);
    for (const place of empty) expect(weights[cell(place, "velkin")]).to.be.closeTo(0.05, 1e-6);
  });

  it("goes into a batch image by image", () => {
    const feeds = denseFeeds([targets, denseTargets(scene, [])]);
    expect(feeds.dense_targets.dims).to.deep.equal([2, 64, DENSE_CLASSES.length]);
    expect([...(feeds.dense_weights.data as Float32Array).subarray(0, 100)]).to.deep.equal([
      ...targets.weights.subarray(0, 100),
    ]);
    expect(feeds.dense_targets.data[64 * DENSE_CLASSES.length + cell(0, "ct")]).to.equal(1);
  });
});
