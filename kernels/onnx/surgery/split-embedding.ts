import { makeNode, makeTensor, makeValueInfo } from "../builder.ts";
import { tensorType } from "../element-type.ts";
import { shallowCopy, withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { isStandard } from "../opset.ts";
import { prune } from "../prune.ts";
import { int64 } from "../../tensor.ts";
import { declared, freshNames, initializerMap, requireGraphName } from "../values.ts";
import { SurgeryError } from "./site-node.ts";

const IDS = "input_ids";
const EMBEDS = "inputs_embeds";

/** A decoder taken apart behind its look-up of tokens: token ids [batch, tokens] to embeddings [batch, tokens, hidden] to logits. */
export interface SplitDecoder {
  /** `input_ids` to `inputs_embeds`. */
  embed: OnnxModel;
  /** `inputs_embeds`, and the other inputs of the whole, to its outputs. */
  decoder: OnnxModel;
}

/**
 * Takes a decoder of token ids apart, so that it runs in the form of image-text models. What follows the look-up (a factor, a norm)
 * stays in the decoder; a table that is also the head's weight stands in both parts, the same bytes.
 *
 * Throws: UnknownGraphNameError without an input `input_ids`; SurgeryError where the ids are used for anything but one look-up in a table of
 * floats and their size.
 */
export function splitEmbedding(model: OnnxModel): SplitDecoder {
  const { graph } = model;
  const inputs = graph.input.map(({ name }) => name);
  requireGraphName("input", IDS, inputs);
  const readers = graph.node.filter((node) => node.input.includes(IDS));
  const refuse = (fault: string): never => {
    throw new SurgeryError(`input "${IDS}": ${fault}. Export the model with inputs_embeds and an embed_tokens graph.`);
  };
  const lookups = readers.filter(({ opType, domain }) => opType === "Gather" && isStandard(domain));
  const [lookup] = lookups;
  const table = lookup && initializerMap(model).get(lookup.input[0]);
  if (lookups.length !== 1 || lookup.input[1] !== IDS || !table)
    refuse(`it is looked up ${lookups.length} times in a table of floats instead of once`);
  const odd = readers.find(
    (node) => node !== lookup && !(node.opType === "Shape" && isStandard(node.domain) && node.attribute.length === 0),
  );
  if (odd) refuse(`node "${odd.name}" (${odd.opType}) reads it`);
  const made = lookup.output[0];
  const fresh = freshNames(model);
  const [rows, whole] = [fresh(`${EMBEDS}:rows`), (name: string) => fresh(`${name}:with_hidden`)];
  // The size of the ids is that of the embeddings without the last axis.
  const node = graph.node.flatMap((each) => {
    if (each === lookup) return [];
    const renamed = each.input.includes(made)
      ? shallowCopy(each, { input: each.input.map((name) => (name === made ? EMBEDS : name)) })
      : each;
    if (!readers.includes(each)) return [renamed];
    const all = whole(each.output[0]);
    return [
      shallowCopy(each, { input: [EMBEDS], output: [all] }),
      makeNode("Gather", [all, rows], each.output, { axis: 0 }, `${each.name}:of_ids`),
    ];
  });
  const ids = graph.input[inputs.indexOf(IDS)];
  const [batch, tokens] = declared(ids).dims ?? ["batch", "tokens"];
  const embeds = makeValueInfo(EMBEDS, tensorType(table!.dataType), [batch, tokens, Number(table!.dims.at(-1))]);
  const decoder = withGraph(model, {
    node,
    input: [embeds, ...graph.input.filter((input) => input !== ids)],
    initializer: [...graph.initializer, makeTensor(rows, int64([0, 1], [2]))],
    valueInfo: graph.valueInfo.filter(({ name }) => name !== made),
  });
  const embed = withGraph(model, {
    node: [shallowCopy(lookup, { output: [EMBEDS] })],
    input: [ids],
    output: [embeds],
    valueInfo: [],
  });
  return { embed: prune(embed), decoder: prune(decoder) };
}
