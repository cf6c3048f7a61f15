import { type Random, random } from "../../../kernels/random.ts";
import { groupBy } from "../../group-by.ts";
import { type Fact, factsOf, type Split, SPLITS } from "../knowledge/index.ts";
import { type Ask, asksOf, textQuestion } from "../questions/index.ts";
import { neighbours } from "../world/sample-scene-neighbours.ts";
import { SceneImpossibleError, type Wanted } from "../world/sample-scene-wanted.ts";
import { sampleScene } from "../world/sample-scene.ts";
import type { Scene } from "../world/scene.ts";
import {
  FGVEDIT_FAMILY_NAMES,
  type FgveditFamily,
  fgveditFamily,
  interacts,
  type SceneEdit,
} from "./fgvedit-families.ts";
import { type Changed, type EditScope, editScope } from "./fgvedit-scope.ts";
import { exportSeed } from "./splits.ts";
import { wordFor } from "./wordings.ts";

/** Indices of one record: the scenes that are tried, and its stream of random numbers, which has the last. */
const SLOTS = 24;

export interface FgveditQuestion {
  /** Without its wording. */
  ask: Ask;
  question: string;
  answer: string;
}

/** One edit of what a picture shows, and the questions about the same picture that it does and does not change. */
export interface FgveditRecord {
  split: Split;
  number: number;
  family: FgveditFamily;
  scene: Scene;
  edit: SceneEdit;
  /** The edited question; its answer is the target. */
  src: FgveditQuestion;
  rephrase: string;
  generality: FgveditQuestion;
  locality: FgveditQuestion;
  textLocality: { fact: Fact; question: string; answer: string };
  scope: EditScope;
}

/** Heads of the facts about which a split may ask. */
const HEADS = new Map(SPLITS.map((split) => [split, new Set(factsOf(split).map(({ head }) => head))]));

/**
 * Makes record number `number` of a split: a pure function of its arguments.
 *
 * Throws: ExportSeedError.
 */
export function fgveditRecord(split: Split, seed: number, number: number): FgveditRecord {
  const seedOf = (slot: number) => exportSeed("fgvedit", split, seed, number * SLOTS + slot);
  const stream = random(seedOf(SLOTS - 1));
  // In the rare case that no scene fits the record's family, the next family has its turn with other wishes for the same scenes.
  for (let turn = 0; turn < FGVEDIT_FAMILY_NAMES.length; turn++) {
    const family = FGVEDIT_FAMILY_NAMES[(number + turn) % FGVEDIT_FAMILY_NAMES.length];
    for (let slot = 0; slot < SLOTS - 1; slot++) {
      const wanted = fgveditFamily(family).wanted(stream, HEADS.get(split)!);
      const scene = wanted && possible(seedOf(slot), wanted);
      const drawn = scene && interacts(scene, neighbours(scene)) && drawEdit(family, scene, split, stream);
      if (drawn) return inWords({ split, number, family, scene, ...drawn }, stream);
    }
  }
  throw new Error(`internal: no scene allows fgvedit record ${number} of ${split} with seed ${seed}`);
}

interface Drawn {
  edit: SceneEdit;
  scope: EditScope;
  src: Ask;
  generality: Ask;
  locality: Ask;
}

/** An edit of the family that changes and that leaves some other question, if the scene has one. */
function drawEdit(family: FgveditFamily, scene: Scene, split: Split, stream: Random): Drawn | undefined {
  const heads = HEADS.get(split)!;
  const asks = asksOf(scene).filter((ask) => ask.family === family);
  for (const edit of stream.shuffle(fgveditFamily(family).edits(scene, stream, heads))) {
    // Twins are costly, and most entities are not what the question is about.
    const twin = asks.some(({ answer }) => answer === edit.from) && edit.twin();
    if (!twin) continue;
    const scope = editScope(scene, twin);
    const edited = scope.changed.filter(
      ({ ask, before }) => ask.family === family && before === edit.from && ask.answer === edit.to,
    );
    if (edited.length === 0) continue;
    const src = stream.pick(edited).ask;
    const generality = drawGenerality(scope.changed, src, edit, heads, stream);
    const locality = drawLocality(scope.unchanged, scene, edit, stream);
    if (generality && locality) return { edit, scope, src, generality, locality };
  }
  return undefined;
}

/** One family is as likely as another: half of what follows from an edit is whether something is there. */
const pickFamilyFirst = (asks: readonly Ask[], stream: Random): Ask | undefined =>
  asks.length ? stream.pick(stream.pick([...groupBy(asks, ({ family }) => family).values()])) : undefined;

function drawGenerality(
  changed: Changed[],
  src: Ask,
  { from, entity }: SceneEdit,
  heads: ReadonlySet<string>,
  stream: Random,
) {
  const asks = changed.map(({ ask }) => ask);
  // Whether the old entity is still somewhere is nothing that the edit says.
  const follows = asks.filter(
    (ask) =>
      ask !== src && (ask.hops === 0 || heads.has(ask.about[0])) && (from !== entity || !ask.about.includes(from)),
  );
  return pickFamilyFirst(follows, stream);
}

const PRESENCE = ["organ-present", "finding-present", "finding-absent"];

/** Mostly about something that is seen and that the edit does not name; else whether something is there, "yes" and "no" equally often. */
function drawLocality(unchanged: Ask[], scene: Scene, { from, to }: SceneEdit, stream: Random): Ask | undefined {
  const free = unchanged.filter(
    ({ about, answer }) => ![...about, answer].some((name) => name === from || name === to),
  );
  const presence = stream.chance(0.25);
  const answer = stream.pick(["yes", "no"]);
  const seen = new Set<string>([...scene.organs, ...scene.findings, ...scene.devices].map(({ kind }) => kind));
  const asks = free.filter((ask) =>
    PRESENCE.includes(ask.family)
      ? presence && ask.answer === answer
      : !presence && ask.about.some((name) => seen.has(name)),
  );
  return pickFamilyFirst(asks.length ? asks : free, stream);
}

type Unworded = Omit<FgveditRecord, "src" | "rephrase" | "generality" | "locality" | "textLocality"> & Drawn;

function inWords({ src, generality, locality, ...rest }: Unworded, stream: Random): FgveditRecord {
  const { split } = rest;
  const word = (ask: Ask, role: "asked" | "reworded" = "asked", not?: string) =>
    wordFor({ split, role, family: ask.family, not }, ask.word, stream);
  const worded = (ask: Ask): FgveditQuestion => ({ ask, question: word(ask), answer: ask.answer });
  const edited = worded(src);
  const named = new Set([rest.edit.from, rest.edit.to, ...src.about]);
  const fact = stream.pick(factsOf(split).filter(({ head, tail }) => !named.has(head) && !named.has(tail)));
  const text = wordFor(
    { split, role: "asked", family: fact.relation },
    (list, own) => textQuestion(fact, list, own),
    stream,
  );
  return {
    ...rest,
    src: edited,
    rephrase: word(src, "reworded", edited.question),
    generality: worded(generality),
    locality: worded(locality),
    textLocality: { fact, question: text, answer: fact.tail },
  };
}

function possible(seed: number, wanted: Wanted): Scene | undefined {
  try {
    return sampleScene(seed, wanted);
  } catch (error) {
    if (error instanceof SceneImpossibleError) return undefined;
    throw error;
  }
}
