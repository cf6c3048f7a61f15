import { expect } from "chai";
import { sceneReport } from "../../../../datasets/phantom/questions/index.ts";
import { sampleScene } from "../../../../datasets/phantom/world/sample-scene.ts";
import { random } from "../../../../kernels/random.ts";

const COUNTS = ["one", "two", "three"];

describe("the report of a phantom scene", () => {
  it("says of every finding how many, how large, how marked and where", () => {
    for (let seed = 0; seed < 50; seed++) {
      const scene = sampleScene(seed);
      const report = sceneReport(scene, random(seed));
      for (const { kind, lesions, size, severity, level, side, inside } of scene.findings)
        expect(report).to.include(
          `${kind} ${COUNTS[lesions.length - 1]} ${size} ${severity} ${level} ${side} in ${inside ?? "none"}`,
        );
      for (const { kind, level, side, crosses, covers } of scene.devices)
        expect(report).to.include(`${kind} ${level} ${side} across ${crosses ?? "none"} over ${covers ?? "none"}`);
      for (const { kind } of scene.organs) expect(report).to.match(new RegExp(`organs.* ${kind} (left|right|middle)`));
      expect(report.startsWith("findings none")).to.equal(scene.findings.length === 0);
      expect(report.includes("device none")).to.equal(scene.devices.length === 0);
    }
  });

  it("puts the entities of a type in an order that says nothing", () => {
    const scene = [...Array(100).keys()].map((seed) => sampleScene(seed)).find(({ findings }) => findings.length > 1)!;
    const first = new Set([...Array(20).keys()].map((seed) => sceneReport(scene, random(seed)).split(" ")[1]));
    expect(first.size).to.be.greaterThan(1);
  });
});
