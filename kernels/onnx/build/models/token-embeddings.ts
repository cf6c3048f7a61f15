import { GraphBuilder } from "../graph-builder.ts";
import type { BuilderOptions, BuiltModel } from "../graph-core.ts";
import { embedding } from "../layers/embedding.ts";

/**
 * The table of a decoder that reads embeddings, as a graph of its own (`embed_tokens.onnx`). Its parameter is called as in the whole
 * model, "model.embed_tokens.weight", so that one seed gives both the same table.
 *
 * Input: `input_ids` int64 [batch_size, sequence_length]. Output: `inputs_embeds` [.., width].
 */
export function tokenEmbeddings(
  { vocabulary, width }: { vocabulary: number; width: number },
  options?: BuilderOptions,
): BuiltModel {
  const g = new GraphBuilder(options);
  const ids = g.input("input_ids", "int64", ["batch_size", "sequence_length"]);
  g.output(
    "inputs_embeds",
    g.scope("model", () => embedding(g, "embed_tokens", ids, vocabulary, width)),
  );
  return g.finish();
}
