import type { Split } from "../knowledge/splits.ts";
import { visualAsks } from "../questions/visual-asks.ts";
import type { Ask } from "../questions/ask.ts";
import { sampleScene } from "../world/sample-scene.ts";
import { SceneImpossibleError, type Wanted } from "../world/sample-scene-wanted.ts";
import type { Scene } from "../world/scene.ts";
import { organsOf } from "../world/vocabulary.ts";
import { EDIT_FAMILIES, editFamily, type EditFamilyName, type Fact } from "./medmkeb-families.ts";
import { exportSeed } from "./splits.ts";

/** Indices of one record: its pictures, tried ones included, and its stream of random numbers, which has the last. */
export const SLOTS = 40;

/** A scene of a form, and the index by which its picture is named. */
export interface Picture {
  scene: Scene;
  index: number;
}

/** Draws the pictures of one record; none comes twice. */
export class Pictures {
  readonly #seedOf: (index: number) => number;
  readonly #end: number;
  #next: number;

  constructor(split: Split, seed: number, record: number) {
    this.#seedOf = (index) => exportSeed("medmkeb", split, seed, index);
    this.#next = record * SLOTS;
    this.#end = this.#next + SLOTS - 1;
  }

  /** A scene that shows a fact; undefined when none of the tries has room for it. */
  of(name: EditFamilyName, fact: Fact, absent: string[] = [], tries = 6): Picture | undefined {
    const { kinds, wanted } = editFamily(name);
    const wish = { ...wanted(fact), modality: fact.modality, ...(kinds && { absent: absent as Wanted["absent"] }) };
    return this.find(wish, (scene) => seenAsks(scene).some((ask) => isAbout(ask, name, fact)), tries);
  }

  find(wanted: Wanted, accept: (scene: Scene) => boolean, tries = 6): Picture | undefined {
    for (let i = 0; i < tries && this.#next < this.#end; i++) {
      const index = this.#next++;
      const scene = possible(() => sampleScene(this.#seedOf(index), wanted));
      if (scene && accept(scene)) return { scene, index };
    }
    return undefined;
  }
}

/** What a scene can be asked and the picture alone answers, but for what lies next to what: that is slow to tell and not edited. */
export const seenAsks = (scene: Scene): Ask[] => visualAsks(scene, () => []);

const isAbout = (ask: Ask, family: string, { about, answer }: Fact): boolean =>
  ask.family === family && ask.answer === answer && sameList(ask.about, about);

/** The question of a scene about some entities. Throws when the scene has none: the picture was drawn to show it. */
export function askOf(scene: Scene, name: EditFamilyName, about: readonly string[]): Ask {
  const ask = seenAsks(scene).find((ask) => ask.family === name && sameList(ask.about, about));
  if (!ask) throw new Error(`internal: the scene ${scene.seed} has no question ${name} about ${about.join(", ")}`);
  return ask;
}

/** Questions about a picture whose answers an edit leaves as they are; `modality` alone may be among them. */
export function unrelatedAsks(scene: Scene, name: EditFamilyName, fact: Fact, alt: string): Ask[] {
  const named = [fact.answer, alt];
  const families: readonly string[] = EDIT_FAMILIES[name].unrelated;
  // Whether another modality's organ is there could be answered unseen.
  const plausible: readonly string[] = organsOf(scene.modality);
  return seenAsks(scene).filter(
    ({ family, about, answer }) =>
      families.includes(family) &&
      family !== name &&
      ![...about, answer].some((word) => named.includes(word)) &&
      (family !== "organ-present" || plausible.includes(about[0])),
  );
}

const sameList = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((x, i) => x === b[i]);

function possible(make: () => Scene): Scene | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof SceneImpossibleError) return undefined;
    throw error;
  }
}
