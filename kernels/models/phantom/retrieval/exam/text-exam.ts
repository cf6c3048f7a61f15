import { asksOf } from "../../../../../datasets/phantom/questions/index.ts";
import type { Scene } from "../../../../../datasets/phantom/world/scene.ts";
import { random } from "../../../../random.ts";
import type { RetrievalEncoder } from "../load-encoder.ts";
import { COMPOSED_ASKS, FACT_ASKS, imageAsk, type TextAsk } from "../pairs/text-ask.ts";
import type { Found, RetrievalGroup } from "./found.ts";
import { ranksOf } from "./recall.ts";
import { wordVectors } from "./word-vectors.ts";

/** Asks of each of the five groups. */
const EACH = 100;

/**
 * Finds the training wording of what a probe wording asks, among 500, and once more by shared words alone. Questions about images are
 * those that `scenes` allow.
 */
export async function textExam(
  encoder: Pick<RetrievalEncoder, "text">,
  scenes: readonly Scene[],
  seed: number,
): Promise<Found[]> {
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
  const texts = asked.flatMap(({ ask }) => [ask.word("probe", stream), ask.word("train", stream)]);
  const vectors: Float32Array[] = [];
  for (const text of texts) vectors.push(await encoder.text(text));
  const rank = (all: readonly Float32Array[]) => {
    const half = (from: number) => all.filter((_, i) => i % 2 === from);
    return ranksOf(half(0), half(1), (query, candidate) => query === candidate);
  };
  const [learnt, control] = [rank(vectors), rank(wordVectors(texts))];
  return asked.flatMap(({ group, ask: { cluster } }, i) => [
    { group, cluster, rank: learnt[i], candidates: asked.length },
    { group: "words", cluster, rank: control[i], candidates: asked.length },
  ]);
}
