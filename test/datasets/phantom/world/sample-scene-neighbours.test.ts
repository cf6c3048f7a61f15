import { expect } from "chai";
import { sampleScene } from "../../../../datasets/phantom/world/sample-scene.ts";
import {
  FAR,
  NEAR,
  devicePoints,
  gapOfDeviceAndFinding,
  gapOfDevices,
  gapOfFindings,
  neighbours,
} from "../../../../datasets/phantom/world/sample-scene-neighbours.ts";
import type { Finding } from "../../../../datasets/phantom/world/scene.ts";

const scenes = Array.from({ length: 400 }, (_, seed) => sampleScene(seed));

const finding = (kind: Finding["kind"], x: number): Finding => ({
  kind,
  lesions: [{ x, y: 0.3 }],
  radius: 0.05,
  angle: 0,
  size: "small",
  severity: "mild",
  side: "left",
  level: "upper",
});

describe("neighbours", () => {
  it("are those whose outlines almost touch", () => {
    const findings = [finding("glimmar", 0.1), finding("velkin", 0.23), finding("halden", 0.45)];
    expect(neighbours({ findings, devices: [] })).to.deep.equal([["glimmar", "velkin"]]);
  });

  it("are clear: no gap lies between near and far", () => {
    for (const { seed, findings, devices } of scenes) {
      const points = devices.map(devicePoints);
      const gaps = [
        ...findings.flatMap((a, i) => findings.slice(i + 1).map((b) => gapOfFindings(a, b))),
        ...findings.flatMap((a) =>
          devices.flatMap((device, i) => (device.covers === a.kind ? [] : [gapOfDeviceAndFinding(points[i], a)])),
        ),
        ...points.flatMap((a, i) => points.slice(i + 1).map((b) => gapOfDevices(a, b))),
      ];
      for (const gap of gaps) {
        expect(gap, `seed ${seed}: no touch`).to.be.above(0.01);
        expect(gap >= NEAR && gap < FAR, `seed ${seed}: gap ${gap}`).to.be.false;
      }
    }
  });

  it("occur in a fair share of the scenes with several entities", () => {
    const several = scenes.filter(({ findings, devices }) => findings.length + devices.length > 1);
    const share = several.filter((scene) => neighbours(scene).length > 0).length / several.length;
    expect(share).to.be.within(0.2, 0.7);
  });

  it("never include a device and the finding that it covers", () => {
    for (const scene of scenes)
      for (const { kind, covers } of scene.devices)
        for (const pair of neighbours(scene))
          expect(covers && pair.includes(kind) && pair.includes(covers)).not.to.be.true;
  });
});
