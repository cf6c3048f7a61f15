import type { Random } from "../../../kernels/random.ts";
import { withChange } from "../world/sample-scene-change.ts";
import type { Wanted } from "../world/sample-scene-wanted.ts";
import type { Device, EntityKind, Scene } from "../world/scene.ts";
import { DEVICES, FINDINGS, MODALITIES, type OrganKind, organsOf } from "../world/vocabulary.ts";

/** A way to edit what a scene shows. */
export interface SceneEdit {
  /** The edited answer before and after. */
  from: string;
  to: string;
  /** The entity that the edit is about. */
  entity: string;
  /** The same scene with the edit true; undefined where no picture could show it. */
  twin(): Scene | undefined;
  /** The same scene with an answer that is neither, where it has one. */
  third?(): Scene | undefined;
}

interface Family {
  /** What a scene must have for such an edit; undefined where the split may not ask what follows from any. */
  wanted(stream: Random, heads: ReadonlySet<string>): Wanted | undefined;
  /** The edits of a scene; `heads` are those of the facts about which the split may ask. */
  edits(scene: Scene, stream: Random, heads: ReadonlySet<string>): SceneEdit[];
}

/** Another finding or device in the place of one that is seen. */
const exchangeKind = (sorts: readonly ("findings" | "devices")[]) => ({
  edits: (scene: Scene, stream: Random): SceneEdit[] =>
    sorts.flatMap((sort) =>
      scene[sort].map(({ kind: from }) => {
        const known: readonly EntityKind[] = sort === "findings" ? FINDINGS : DEVICES;
        const absent = known.filter((kind) => !scene[sort].some((present) => present.kind === kind));
        const [to, other] = stream.shuffle(absent);
        const exchanged = (to: EntityKind) => withChange(scene, { entity: from, attribute: "kind", to });
        return { from, to, entity: from, twin: () => exchanged(to), third: () => exchanged(other) };
      }),
    ),
});

export const FGVEDIT_FAMILIES = {
  "finding-in-organ": {
    wanted: (stream) => {
      const modality = stream.pick(MODALITIES);
      const inside = stream.pick(organsOf(modality));
      return { modality, findings: { atLeast: [{ kind: stream.pick(FINDINGS), inside }] } };
    },
    ...exchangeKind(["findings"]),
  },
  "finding-on-side": {
    wanted: (stream) => ({ findings: { atLeast: [{ kind: stream.pick(FINDINGS) }] } }),
    ...exchangeKind(["findings"]),
  },
  "next-to": {
    wanted: (stream) => {
      const [one, two] = stream.shuffle(FINDINGS);
      return { findings: { atLeast: [{ kind: one }, { kind: two }] } };
    },
    ...exchangeKind(["findings", "devices"]),
  },
  "device-kind": {
    wanted: (stream) => ({ devices: { exactly: [{ kind: stream.pick(DEVICES) }] } }),
    ...exchangeKind(["devices"]),
  },
  "device-crosses": {
    // What follows from such an edit is the function of the organ, so the organ must be one about whose facts the split may ask.
    wanted: (stream, heads) => {
      const modality = stream.pick(MODALITIES.filter((modality) => modality !== "histology"));
      const to = organsOf(modality).filter((kind) => heads.has(kind));
      if (to.length === 0) return undefined;
      const organ = stream.pick(to);
      const crosses = stream.pick(organsOf(modality).filter((kind) => kind !== organ));
      return { modality, organs: [organ], devices: { atLeast: [{ kind: stream.pick(DEVICES), crosses }] } };
    },
    edits: (scene, stream, heads) =>
      scene.devices.flatMap((device) => {
        const from = device.crosses;
        const others = scene.organs.map(({ kind }) => kind).filter((kind) => kind !== from && heads.has(kind));
        if (!from || others.length === 0) return [];
        const to = stream.pick(others);
        const third = () => withChange(scene, { entity: from, attribute: "kind" });
        return [{ from, to, entity: device.kind, twin: () => crossing(scene, device, to), third }];
      }),
  },
  "finding-side": {
    wanted: (stream) => ({ findings: { atLeast: [{ kind: stream.pick(FINDINGS), inside: null }] } }),
    // An organ with the finding in it would change sides too.
    edits: (scene) =>
      scene.findings
        .filter(({ inside }) => !inside)
        .map(({ kind, side: from }) => {
          const to = from === "left" ? "right" : "left";
          return { from, to, entity: kind, twin: () => withChange(scene, { entity: kind, attribute: "side" }) };
        }),
  },
} as const satisfies Record<string, Family>;

export type FgveditFamily = keyof typeof FGVEDIT_FAMILIES;
export const FGVEDIT_FAMILY_NAMES = Object.keys(FGVEDIT_FAMILIES) as FgveditFamily[];
export const fgveditFamily = (name: FgveditFamily): Family => FGVEDIT_FAMILIES[name];

/** Its words alone: no picture shows this twin, nor needs to. */
const crossing = (scene: Scene, device: Device, crosses: OrganKind): Scene => ({
  ...scene,
  devices: scene.devices.map((other) => (other === device ? { ...device, crosses } : other)),
});

/** Whether several entities are seen, and some of them touch: one inside, across, over or next to another. */
export function interacts(scene: Scene, pairs: readonly unknown[]): boolean {
  const { organs, findings, devices } = scene;
  const touching =
    findings.some(({ inside }) => inside) ||
    devices.some(({ crosses, covers }) => crosses || covers) ||
    pairs.length > 0;
  return organs.length + findings.length + devices.length >= 3 && touching;
}
