import { expect } from "chai";
import { sampleScene } from "../../../../datasets/phantom/world/sample-scene.ts";
import { withChange } from "../../../../datasets/phantom/world/sample-scene-change.ts";
import type { Change } from "../../../../datasets/phantom/world/sample-scene-change.ts";
import { neighbours } from "../../../../datasets/phantom/world/sample-scene-neighbours.ts";
import { sceneFits } from "../../../../datasets/phantom/world/sample-scene-rules.ts";
import type { Scene } from "../../../../datasets/phantom/world/scene.ts";

/** Every attribute that a question can ask for, by entity; kinds of organs count, their places do not. */
function attributes(scene: Scene): Map<string, string> {
  const all = new Map<string, string>([["modality", scene.modality]]);
  for (const { kind } of scene.organs) all.set(kind, "");
  for (const { kind, lesions, size, severity, side, level, inside } of scene.findings)
    for (const [name, value] of Object.entries({ count: lesions.length, size, severity, side, level, inside }))
      all.set(`${kind} ${name}`, String(value));
  for (const { kind, side, level, crosses, covers } of scene.devices)
    for (const [name, value] of Object.entries({ side, level, crosses, covers }))
      all.set(`${kind} ${name}`, String(value));
  return all;
}

/** Names of attributes that two scenes do not share, or in which they differ. */
function differences(a: Scene, b: Scene): string[] {
  const [left, right] = [attributes(a), attributes(b)];
  return [...new Set([...left.keys(), ...right.keys()])].filter((name) => left.get(name) !== right.get(name));
}

const scenes = Array.from({ length: 120 }, (_, seed) => sampleScene(seed + 700));
const tried = scenes.flatMap((scene) => {
  const changes: Change[] = [
    ...scene.findings.flatMap(({ kind: entity }): Change[] => [
      ...(["side", "level"] as const).map((attribute) => ({ entity, attribute })),
      ...(["size", "severity"] as const).map((attribute) => ({ entity, attribute })),
      { entity, attribute: "count" },
      { entity, attribute: "kind" },
      { entity, attribute: "presence" },
    ]),
    ...scene.devices.flatMap(({ kind: entity }): Change[] => [
      ...(["side", "level"] as const).map((attribute) => ({ entity, attribute })),
      { entity, attribute: "kind" },
      { entity, attribute: "presence" },
    ]),
    { entity: scene.organs[0].kind, attribute: "kind" },
    ...(["halden", "clavet"] as const).map((entity) => ({ entity, attribute: "presence" as const })),
  ];
  return changes.map((change) => ({ scene, change, next: withChange(scene, change) }));
});
const done = tried.flatMap(({ scene, change, next }) => (next ? [{ scene, change, next }] : []));

describe("withChange", () => {
  it("finds a partner for many scenes, for every attribute", () => {
    for (const attribute of ["side", "level", "size", "severity", "count", "kind", "presence"])
      expect(done.filter(({ change }) => change.attribute === attribute).length, attribute).to.be.above(25);
  });

  it("makes readable scenes with a seed of their own, the same ones every time", () => {
    for (const { scene, next } of done) {
      expect(sceneFits(next)).to.be.true;
      expect(next.seed).not.to.equal(scene.seed);
      expect(next.view).to.deep.equal(scene.view);
    }
    for (const { scene, change, next } of done.slice(0, 40)) expect(withChange(scene, change)).to.deep.equal(next);
  });

  it("changes exactly the one attribute", () => {
    for (const { scene, change, next } of done) {
      const changed = differences(scene, next);
      const what = `seed ${scene.seed} ${JSON.stringify(change)}: ${changed}`;
      if (change.attribute === "presence") {
        expect(changed.length, what).to.be.above(0);
        for (const name of changed) expect(name.split(" ")[0], what).to.equal(change.entity);
      } else if (change.attribute !== "kind")
        expect(changed, what).to.deep.equal([`${change.entity} ${change.attribute}`]);
    }
  });

  it("gives the attributes of an entity to the kind that takes its place", () => {
    for (const { scene, change, next } of done.filter(({ change }) => change.attribute === "kind")) {
      const before = [...scene.organs, ...scene.findings, ...scene.devices].map(({ kind }) => kind);
      const after = [...next.organs, ...next.findings, ...next.devices].map(({ kind }) => kind);
      expect(after.length).to.equal(before.length);
      const place = before.indexOf(change.entity);
      expect(after.filter((kind, i) => kind !== before[i])).to.deep.equal([after[place]]);
      const renamed = (text: string) => text.replaceAll(change.entity, after[place]);
      const expected = [...attributes(scene)].map(([name, value]) => [renamed(name), renamed(value)]);
      expect([...attributes(next)]).to.deep.equal(expected);
    }
  });

  it("leaves neighbours neighbours", () => {
    const words = (scene: Scene) =>
      neighbours(scene)
        .map((pair) => pair.join(" "))
        .sort();
    for (const { scene, change, next } of done)
      if (change.attribute !== "kind" && change.attribute !== "presence")
        expect(words(next)).to.deep.equal(words(scene));
  });

  it("takes the wanted value", () => {
    const partners = scenes.flatMap((scene) =>
      scene.findings
        .filter(({ lesions }) => lesions.length === 3)
        .flatMap(({ kind: entity }) => {
          const next = withChange(scene, { entity, attribute: "count", to: 1 });
          return next ? [next.findings.find(({ kind }) => kind === entity)!.lesions.length] : [];
        }),
    );
    expect(partners.length).to.be.above(5);
    expect(new Set(partners)).to.deep.equal(new Set([1]));
  });

  it("gives up on what cannot be", () => {
    const scene = scenes.find(({ findings }) => findings.length === 1)!;
    const { kind } = scene.findings[0];
    const missing = kind === "velkin" ? "orvole" : "velkin";
    expect(withChange(scene, { entity: missing, attribute: "severity" })).to.be.undefined;
    expect(withChange(scene, { entity: kind, attribute: "kind", to: kind })).to.be.undefined;
    expect(withChange(scene, { entity: kind, attribute: "count", to: 4 })).to.be.undefined;
    const covered = scenes.find(({ devices }) => devices.some(({ covers }) => covers))!;
    const { covers } = covered.devices.find(({ covers }) => covers)!;
    expect(withChange(covered, { entity: covers!, attribute: "presence" })).to.be.undefined;
  });
});
