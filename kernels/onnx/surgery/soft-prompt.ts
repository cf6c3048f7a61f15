import type { ValueInfoProto } from "onnx-buf";
import { makeNode, makeValueInfo } from "../builder.ts";
import { shallowCopy, withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { declared, freshNames, requireGraphName, valueNames } from "../values.ts";
import { SurgeryError } from "./site-node.ts";

export const SOFT_PROMPT = "soft_prompt";
/** Name of the varying size: how many rows stand before the embeddings. */
export const SOFT_PROMPT_LENGTH = "soft_prompt_length";

/**
 * Puts rows before the input embeddings: a new input `soft_prompt` is joined in front of `inputs_embeds` along the tokens.
 *
 * Masks and positions stay the caller's: `attention_mask`, `position_ids` (and labels) are fed for the whole sequence, prompt rows
 * included, and logits come back for the whole sequence. Only the caller knows padding and cache, and so the same graph also serves
 * prompts without rows: with 0 rows (as in every step after the first of a generation) it computes the base model bit for bit. Other
 * inputs and outputs that declare the length of `inputs_embeds` now declare "soft_prompt_length + <that length>".
 *
 * Shapes: soft_prompt [batch, rows, features], rows 0 or more, in the element type of inputs_embeds [batch, tokens, features].
 * Throws: UnknownGraphNameError when the graph has no such input; SurgeryError when it has a soft prompt already.
 */
export function softPrompt(model: OnnxModel, embeds = "inputs_embeds"): OnnxModel {
  const { graph } = model;
  const inputs = graph.input.map((input) => input.name);
  requireGraphName("input", embeds, inputs);
  if (valueNames(model).has(SOFT_PROMPT))
    throw new SurgeryError(`soft prompt: the graph already has a value "${SOFT_PROMPT}". Add the prompt once.`);
  const { type, dims } = declared(graph.input[inputs.indexOf(embeds)]);
  if (!type || dims?.length !== 3)
    throw new SurgeryError(
      `input "${embeds}": it is not declared as [batch, tokens, features]. Export the model with inputs_embeds.`,
    );
  const joined = freshNames(model)(`${SOFT_PROMPT}:joined`);
  const [batch, tokens, features] = dims;
  const longer = (info: ValueInfoProto) => {
    const { type: own, dims: sizes } = declared(info);
    if (info.name === embeds || typeof tokens !== "string" || !own || !sizes?.includes(tokens)) return info;
    const grown = sizes.map((size) => (size === tokens ? `${SOFT_PROMPT_LENGTH} + ${tokens}` : size));
    return makeValueInfo(info.name, own, grown);
  };
  return withGraph(model, {
    node: [
      makeNode("Concat", [SOFT_PROMPT, embeds], [joined], { axis: 1 }, joined),
      ...graph.node.map((node) =>
        node.input.includes(embeds)
          ? shallowCopy(node, { input: node.input.map((name) => (name === embeds ? joined : name)) })
          : node,
      ),
    ],
    input: [...graph.input.map(longer), makeValueInfo(SOFT_PROMPT, type, [batch, SOFT_PROMPT_LENGTH, features])],
    output: graph.output.map(longer),
    // Declared inner sizes may name the old length.
    valueInfo: [],
  });
}
