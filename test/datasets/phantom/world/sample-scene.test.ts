import { expect } from "chai";
import { sampleScene } from "../../../../datasets/phantom/world/sample-scene.ts";
import { LESION_RADII } from "../../../../datasets/phantom/world/sample-scene-plan.ts";
import { liesAt, sceneFits } from "../../../../datasets/phantom/world/sample-scene-rules.ts";
import { DEVICES, FINDINGS, MODALITIES, organsOf } from "../../../../datasets/phantom/world/vocabulary.ts";

const seeds = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);
const scenes = seeds(900).map((seed) => sampleScene(seed));
const findings = scenes.flatMap((scene) => scene.findings);
const devices = scenes.flatMap((scene) => scene.devices);

/** Share of the items that meet a condition. */
const share = <T>(items: T[], meets: (item: T) => boolean) => items.filter(meets).length / items.length;

describe("sampleScene", () => {
  it("makes the same scene from the same seed, and another one from another", () => {
    for (const seed of seeds(30)) expect(sampleScene(seed)).to.deep.equal(scenes[seed]);
    expect(new Set(scenes.map((scene) => JSON.stringify({ ...scene, seed: 0 }))).size).to.equal(scenes.length);
  });

  it("makes readable scenes only", () => {
    for (const scene of scenes) expect(sceneFits(scene), `seed ${scene.seed}`).to.be.true;
  });

  it("keeps to the numbers and the vocabulary of the world", () => {
    for (const { modality, organs, findings, devices } of scenes) {
      const body = organsOf(modality).length > 2;
      expect(organs.length).to.be.within(body ? 2 : 1, body ? 3 : 2);
      expect(findings.length).to.be.within(0, 3);
      expect(devices.length).to.be.within(0, modality === "histology" ? 0 : 2);
      for (const { kind } of organs) expect(organsOf(modality)).to.include(kind);
      const kinds = [...organs, ...findings, ...devices].map(({ kind }) => kind);
      expect(new Set(kinds).size, "each kind once").to.equal(kinds.length);
      for (const { lesions, size, radius } of findings) {
        expect(lesions.length).to.be.within(1, 3);
        expect(radius).to.equal(LESION_RADII[size]);
      }
    }
  });

  it("places everything clearly on its side and level", () => {
    for (const finding of findings) for (const at of finding.lesions) expect(liesAt(at, finding, 0.07)).to.be.true;
    for (const device of devices) expect(liesAt(device.path[device.path.length - 1], device, 0.07)).to.be.true;
  });

  it("names only what is in the scene as host, crossed organ and covered finding", () => {
    for (const { organs, findings, devices } of scenes) {
      const organKinds = organs.map(({ kind }) => kind);
      const findingKinds = findings.map(({ kind }) => kind);
      for (const { inside } of findings) if (inside) expect(organKinds).to.include(inside);
      for (const { crosses, covers } of devices) {
        if (crosses) expect(organKinds).to.include(crosses);
        if (covers) expect(findingKinds).to.include(covers);
      }
    }
  });

  // Bounds are about four standard deviations around the aim; the draws are fixed by the seeds.
  it("balances every attribute over seeds", () => {
    for (const modality of MODALITIES)
      expect(share(scenes, (scene) => scene.modality === modality)).to.be.within(0.12, 0.21);
    expect(findings.length / scenes.length).to.be.within(1.35, 1.8);
    expect(share(findings, ({ side }) => side === "left")).to.be.within(0.44, 0.56);
    expect(share(findings, ({ level }) => level === "upper")).to.be.within(0.44, 0.56);
    expect(share(findings, ({ size }) => size === "small")).to.be.within(0.43, 0.6);
    expect(share(findings, ({ severity }) => severity === "mild")).to.be.within(0.44, 0.56);
    for (const kind of FINDINGS) expect(share(findings, (finding) => finding.kind === kind)).to.be.within(0.09, 0.16);
    const alone = scenes
      .filter(({ findings }) => findings.length === 1)
      .map(({ findings }) => findings[0].lesions.length);
    for (const count of [1, 2, 3])
      expect(
        share(alone, (one) => one === count),
        `${count} alone`,
      ).to.be.within(0.23, 0.44);
    expect(share(findings, ({ inside }) => inside !== undefined)).to.be.within(0.3, 0.6);
    for (const kind of DEVICES) expect(share(devices, (device) => device.kind === kind)).to.be.within(0.18, 0.32);
    expect(share(devices, ({ side }) => side === "left")).to.be.within(0.41, 0.59);
    expect(share(devices, ({ level }) => level === "upper")).to.be.within(0.41, 0.59);
    const withDevices = scenes.filter(({ devices }) => devices.length > 0);
    expect(share(withDevices, ({ devices }) => devices.some(({ crosses }) => crosses))).to.be.within(0.3, 0.52);
    expect(share(withDevices, ({ devices }) => devices.some(({ covers }) => covers))).to.be.within(0.17, 0.38);
    expect(
      share(
        scenes.filter(({ modality }) => modality !== "histology"),
        ({ devices }) => devices.length === 2,
      ),
    ).to.be.within(0.06, 0.16);
  });

  it("draws every organ of a modality about as often as the others", () => {
    const body = scenes.filter(({ modality }) => organsOf(modality).length > 2).flatMap(({ organs }) => organs);
    for (const kind of organsOf("ct")) expect(share(body, (organ) => organ.kind === kind)).to.be.within(0.11, 0.23);
  });
});
