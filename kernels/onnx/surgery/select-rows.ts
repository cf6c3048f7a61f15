import { makeNode, makeValueInfo } from "../builder.ts";
import { shallowCopy, withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { readNames } from "../prune.ts";
import { declared, freshNames, producers, requireGraphName, valueNames } from "../values.ts";
import { SurgeryError } from "./site-node.ts";

/** Name of the graph input that chooses rows, and of the varying size: how many. */
export const SELECTED_ROWS = "rows";

const LOGITS = "logits";

/**
 * Computes the logits of chosen positions only: `logits` [batch, tokens, vocabulary] becomes [n, vocabulary], the rows of the flattened
 * sequences that the new input `rows` names. All are computed and some are chosen; selectEarly then moves the choice to where it saves work.
 *
 * A loss is added afterwards: crossEntropy(selectRows(model)) takes labels [n] and loss_weights [n].
 *
 * Shapes: rows int64 [n], each batch index × tokens + token index.
 * Throws: UnknownGraphNameError when no node computes `logits`; SurgeryError when `rows` is taken, or a node reads the logits already.
 */
export function selectRows(model: OnnxModel): OnnxModel {
  const { graph } = model;
  requireGraphName("computed value", LOGITS, producers(model).keys());
  if (valueNames(model).has(SELECTED_ROWS))
    throw new SurgeryError(`rows: the graph already has a value "${SELECTED_ROWS}". Select rows once, or rename it.`);
  const reader = graph.node.find((node) => readNames(node).includes(LOGITS));
  if (reader)
    throw new SurgeryError(`rows: node "${reader.name}" reads the logits. Select rows before the loss is added.`);
  const fresh = freshNames(model);
  const [flat, chosen, all] = [`${SELECTED_ROWS}:flat`, `${SELECTED_ROWS}:chosen`, `${LOGITS}/all`].map(fresh);
  return withGraph(model, {
    node: graph.node.flatMap((each) =>
      each.output.includes(LOGITS)
        ? [
            shallowCopy(each, { output: each.output.map((name) => (name === LOGITS ? all : name)) }),
            makeNode("Flatten", [all], [flat], { axis: -1 }, flat),
            makeNode("Gather", [flat, SELECTED_ROWS], [LOGITS], { axis: 0 }, chosen),
          ]
        : [each],
    ),
    input: [...graph.input, makeValueInfo(SELECTED_ROWS, "int64", [SELECTED_ROWS])],
    output: graph.output.map((output) => {
      const { type, dims } = declared(output);
      return output.name === LOGITS ? makeValueInfo(LOGITS, type, dims && [SELECTED_ROWS, dims.at(-1)]) : output;
    }),
    valueInfo: graph.valueInfo.filter(({ name }) => name !== LOGITS),
  });
}
