import { expect } from "chai";
import { sampleScene } from "../../../../datasets/phantom/world/sample-scene.ts";
import { SceneImpossibleError } from "../../../../datasets/phantom/world/sample-scene-wanted.ts";
import type { DeviceWish, FindingWish, Wanted } from "../../../../datasets/phantom/world/sample-scene-wanted.ts";
import type { Scene } from "../../../../datasets/phantom/world/scene.ts";
import {
  DEVICES,
  FINDINGS,
  LEVELS,
  MODALITIES,
  SEVERITIES,
  SIDES,
  SIZES,
  organsOf,
} from "../../../../datasets/phantom/world/vocabulary.ts";

const has = ({ findings }: Scene, wish: FindingWish) =>
  findings.some(
    (finding) =>
      finding.kind === wish.kind &&
      (wish.count === undefined || finding.lesions.length === wish.count) &&
      (wish.inside === undefined || (finding.inside ?? null) === wish.inside) &&
      (["size", "severity", "side", "level"] as const).every((name) => (wish[name] ?? finding[name]) === finding[name]),
  );
const hasDevice = ({ devices }: Scene, wish: DeviceWish) =>
  devices.some(
    (device) =>
      device.kind === wish.kind &&
      (wish.side ?? device.side) === device.side &&
      (wish.level ?? device.level) === device.level &&
      (wish.crosses === undefined || (device.crosses ?? null) === wish.crosses) &&
      (wish.covers === undefined || (device.covers ?? null) === wish.covers),
  );

describe("sampleScene with a wish", () => {
  it("shows every finding with any attribute in every modality", () => {
    for (const modality of MODALITIES)
      FINDINGS.forEach((kind, i) => {
        const wish = {
          kind,
          count: 1 + (i % 3),
          size: SIZES[i % 2],
          severity: SEVERITIES[(i >> 1) % 2],
          side: SIDES[(i >> 2) % 2],
          level: LEVELS[i % 2],
        };
        const scene = sampleScene(i, { modality, findings: { exactly: [wish] } });
        expect(scene.modality).to.equal(modality);
        expect(scene.findings).to.have.lengthOf(1);
        expect(has(scene, wish), `${modality} ${JSON.stringify(wish)}`).to.be.true;
      });
  });

  it("puts findings inside an organ, or outside all", () => {
    for (const modality of MODALITIES)
      for (const inside of [...organsOf(modality), null]) {
        const wish: FindingWish = { kind: "velkin", size: "small", inside };
        expect(has(sampleScene(3, { modality, findings: { atLeast: [wish] } }), wish), `${modality} ${inside}`).to.be
          .true;
      }
  });

  it("lets other findings stand beside those of an at-least list", () => {
    const wished = { findings: { atLeast: [{ kind: "halden", severity: "mild" } as const] } };
    const scenes = Array.from({ length: 60 }, (_, seed) => sampleScene(seed, wished));
    for (const scene of scenes) expect(has(scene, wished.findings.atLeast[0])).to.be.true;
    expect([...new Set(scenes.map(({ findings }) => findings.length))].sort()).to.deep.equal([1, 2, 3]);
  });

  it("shows devices at a place, across an organ and over a finding", () => {
    for (const modality of MODALITIES.slice(0, 5))
      for (const kind of DEVICES) {
        const organ = organsOf(modality)[1];
        const wishes: [DeviceWish, FindingWish[]][] = [
          [{ kind, side: "right", level: "lower", crosses: null, covers: null }, []],
          [{ kind, crosses: organ, covers: null }, []],
          [{ kind, crosses: null, covers: "glimmar" }, [{ kind: "glimmar", size: "large" }]],
        ];
        for (const [wish, findings] of wishes) {
          const scene = sampleScene(5, { modality, devices: { exactly: [wish] }, findings: { exactly: findings } });
          expect(hasDevice(scene, wish), `${modality} ${JSON.stringify(wish)}`).to.be.true;
          expect(scene.devices).to.have.lengthOf(1);
        }
      }
  });

  it("leaves out what must be absent and shows the organs that must be there", () => {
    for (let seed = 0; seed < 40; seed++) {
      const absent = [FINDINGS[seed % 8], DEVICES[seed % 4], "mirrel"] as const;
      const scene = sampleScene(seed, { modality: "ct", absent: [...absent], organs: ["zanthe"] });
      const kinds: string[] = [...scene.organs, ...scene.findings, ...scene.devices].map(({ kind }) => kind);
      for (const kind of absent) expect(kinds).not.to.include(kind);
      expect(kinds).to.include("zanthe");
    }
  });

  it("takes a modality that shows what is wanted", () => {
    expect(sampleScene(1, { organs: ["dusken"] }).modality).to.equal("fundus");
    expect(sampleScene(1, { devices: { atLeast: [{ kind: "latrix" }] } }).modality).not.to.equal("histology");
  });

  it("refuses what cannot be, saying why and what to do", () => {
    const refused: [Wanted, RegExp][] = [
      [{ modality: "ct", organs: ["aurel"] }, /ct shows no "aurel".*corvane/],
      [{ modality: "histology", devices: { exactly: [{ kind: "clavet" }] } }, /histology shows no devices/],
      [{ organs: ["aurel", "corvane"] }, /no modality shows all/],
      [{ findings: { exactly: [{ kind: "orvole" }, { kind: "orvole" }] } }, /"orvole" is wanted twice/],
      [{ findings: { exactly: [{ kind: "orvole" }] }, absent: ["orvole"] }, /"orvole" is wanted and absent/],
      [{ findings: { exactly: [{ kind: "orvole", count: 4 }] } }, /count 4 of "orvole"/],
      [{ devices: { exactly: [{ kind: "clavet", covers: "orvole" }] } }, /cover "orvole", which is not among/],
    ];
    for (const [wanted, message] of refused)
      expect(() => sampleScene(1, wanted), JSON.stringify(wanted)).to.throw(SceneImpossibleError, message);
  });

  it("gives up on what has no room", () => {
    const wish: FindingWish = { kind: "glimmar", size: "large", count: 3, inside: "mirrel" };
    expect(() => sampleScene(1, { modality: "mr", findings: { exactly: [wish] } })).to.throw(
      SceneImpossibleError,
      /no place found/,
    );
  });
});
