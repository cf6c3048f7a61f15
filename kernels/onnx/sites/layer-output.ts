import type { GraphView } from "./graph-view.ts";
import type { LayerJoins } from "./structure.ts";

/**
 * The residual stream after layer `index`: what goes past the next layer's attention. It is a sum where norms come before the
 * branches, and a normalised sum where they come after (BERT).
 *
 * Undefined for a last layer whose fused operator adds and normalises without giving the sum out.
 */
export function layerOutput(view: GraphView, layers: readonly LayerJoins[], index: number): string | undefined {
  const next = layers.at(index + 1);
  if (next) return behind(view, next.attention[0].skip, ["Cast", "Identity"]);
  const { attention, mlp } = layers[index];
  const join = mlp.at(-1) ?? attention.at(-1)!;
  if (!layers.some((layer) => normalisesAfter(view, layer))) return join.sum && inTokens(view, join.sum);
  const norm = join.sum && view.readers(join.sum).find((reader) => /Normalization$/.test(reader.opType));
  return join.normalised ?? (norm ? norm.output[0] : undefined);
}

/** Whether what goes past the feed-forward part is not the sum after attention itself, but that sum normalised. */
function normalisesAfter(view: GraphView, { attention, mlp }: LayerJoins): boolean {
  const [before, after] = [attention.at(-1)!, mlp.at(0)];
  return (
    !!after && after.skip !== before.skip && behind(view, after.skip, ["Cast", "Identity", "Reshape"]) !== before.sum
  );
}

/** The value that these operators made another one from: every reader of the stream stands after it. */
function behind(view: GraphView, value: string, operators: readonly string[]): string {
  for (let name = value; ;) {
    const maker = view.made.get(name);
    if (!maker || !operators.includes(maker.opType)) return name;
    name = maker.input[0];
  }
}

/** OPT joins its feed-forward part with all tokens in one axis and then restores batch and tokens. */
function inTokens(view: GraphView, sum: string): string {
  const readers = view.readers(sum);
  return readers.length === 1 && readers[0].opType === "Reshape" ? readers[0].output[0] : sum;
}
