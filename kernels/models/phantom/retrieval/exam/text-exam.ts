import { asksOf } from "../../../../../datasets/phantom/questions/index.ts";
import type { Scene } from "../../../../../datasets/phantom/world/scene.ts";
import { random } from "../../../../random.ts";
import type { RetrievalEncoder } from "../load-encoder.ts";
import { COMPOSED_ASKS, FACT_ASKS, imageAsk, type TextAsk } from "../pairs/text-ask.ts";
import type { Found, RetrievalGroup } from "./found.ts";
import { ranksOf } from "./recall.ts";

/** Asks of each of the five groups. */
const EACH = 100;

/** Finds the training wording of what a probe wording asks, among 500. Questions about images are those that `scenes` allow. */
export async function textExam(encoder: RetrievalEncoder, scenes: readonly Scene[], seed: number): Promise<Found[]> {
  const stream = random(seed ^ 0x7e47);
  const visual = new Map(scenes.flatMap((scene) => asksOf(scene).map((ask) => imageAsk(ask, stream))).map((ask) => [ask.key, ask])); // prettier-ignore
  const groups: Partial<Record<RetrievalGroup, readonly TextAsk[]>> = {
    fact: FACT_ASKS.filter(({ trained }) => trained),
    "fact-held-out": FACT_ASKS.filter(({ trained }) => !trained),
    composed: COMPOSED_ASKS.filter(({ trained }) => trained),
    "composed-held-out": COMPOSED_ASKS.filter(({ trained }) => !trained),
    visual: [...visual.values()],
  };
  const asked = Object.entries(groups).flatMap(([group, asks]) =>
    stream.shuffle(asks).slice(0, EACH).map((ask) => ({ group: group as RetrievalGroup, ask })),
  ); // prettier-ignore
  const [queries, candidates]: Float32Array[][] = [[], []];
  for (const { ask } of asked) {
    queries.push(await encoder.text(ask.word("probe", stream)));
    candidates.push(await encoder.text(ask.word("train", stream)));
  }
  const ranks = ranksOf(queries, candidates, (query, candidate) => query === candidate);
  return asked.map(({ group, ask: { cluster } }, i) => ({ group, cluster, rank: ranks[i], candidates: asked.length }));
}
