import { random } from "../random.ts";
import type { Session } from "../runtime/session.ts";
import { float32 } from "../tensor.ts";
import { feedsOf, sequenceFeeds } from "./decoder-feeds.ts";

const TOKENS = 4;
/** Of the largest logit: what another order of sums may do. */
const ROUNDING = 1e-3;

/**
 * Whether a decoder computes every token from those before it alone: another last token leaves all other logits as they are. Of a decoder that
 * scales activations over all tokens to quantise them this says no.
 *
 * It is asked with the inputs that any decoder has here (see requireKnownInputs): nothing else can tell it to read in both directions.
 */
export async function isCausal(session: Session): Promise<boolean> {
  const hidden = session.inputs.find(({ name }) => name === "inputs_embeds")?.shape.at(-1);
  if (typeof hidden !== "number") return false;
  const draw = random(0);
  const drawn = Float32Array.from({ length: TOKENS * hidden }, () => draw.between(-0.5, 0.5));
  const changed = drawn.map((value, i) => (i < (TOKENS - 1) * hidden ? value : -value));
  const [before, after] = await Promise.all(
    [drawn, changed].map(async (data) => {
      const feeds = feedsOf(session, sequenceFeeds(session.inputs, float32(data, [1, TOKENS, hidden])));
      return (await session.run(feeds, { outputs: ["logits"] })).logits.data as Float32Array;
    }),
  );
  const largest = before.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const early = before.subarray(0, (before.length / TOKENS) * (TOKENS - 1));
  return early.every((value, i) => Math.abs(value - after[i]) <= ROUNDING * largest);
}
