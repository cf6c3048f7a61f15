import { asksOf } from "../../../../../datasets/phantom/questions/index.ts";
import type { Scene } from "../../../../../datasets/phantom/world/scene.ts";
import type { Random } from "../../../../random.ts";
import { COMPOSED_ASKS, FACT_ASKS, imageAsk, type TextAsk } from "../pairs/text-ask.ts";

/** Shares of facts and composed questions; the rest is about images. */
const [OF_FACTS, OF_COMPOSED] = [0.4, 0.25];

const trained = (asks: readonly TextAsk[]) => asks.filter((ask) => ask.trained);
const FACTS = trained(FACT_ASKS);
const COMPOSED = trained(COMPOSED_ASKS);

/** `count` asks of a batch. Every second fact or composed question is about the same thing as the one before it, but asks for something else. */
export function drawAsks(scenes: readonly Scene[], count: number, random: Random): TextAsk[] {
  const facts = Math.round(OF_FACTS * count);
  const composed = Math.round(OF_COMPOSED * count);
  const seen = Array.from({ length: count - facts - composed }, () =>
    imageAsk(random.pick(asksOf(random.pick(scenes))), random),
  );
  return [...neighbouring(FACTS, facts, random), ...neighbouring(COMPOSED, composed, random), ...seen];
}

function neighbouring(asks: readonly TextAsk[], count: number, random: Random): TextAsk[] {
  const drawn: TextAsk[] = [];
  while (drawn.length < count) {
    const first = random.pick(asks);
    const others = asks.filter(({ cluster, key }) => cluster === first.cluster && key !== first.key);
    drawn.push(first, ...(others.length > 0 ? [random.pick(others)] : []));
  }
  return drawn.slice(0, count);
}
