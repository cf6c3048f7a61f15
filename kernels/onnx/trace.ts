import { UserFacingError } from "../errors.ts";
import type { Tensor, TensorType } from "../tensor.ts";
import type { OnnxModel } from "./graph.ts";
import { constantValues } from "./constant-values.ts";
import { tensorType } from "./element-type.ts";
import { sessionSource } from "./session-source.ts";
import { tap } from "./surgery/tap.ts";
import { declared, feedInputs, producers } from "./values.ts";

/**
 * Cause: the example feeds cannot show the graph's shapes: one is missing, or a varying size is 1.
 * Handled by: the caller, who feeds other examples (see exampleFeeds).
 */
export class TraceError extends UserFacingError {}

/** What one run showed of a value. */
export interface TracedValue {
  type: TensorType;
  /** Sizes in the traced run; only those that come from weights are fixed, others vary. */
  dims: readonly number[];
  /** Contents, only where they cannot differ between runs (they depend on no input) and are small. */
  constant?: readonly number[];
}

/** Type and shape of every value of a graph, by name. */
export type Trace = ReadonlyMap<string, TracedValue>;

/**
 * Runs a model once: bytes of an .onnx file and feeds to outputs. `folder` holds its data files, where it has any. Graph optimisation
 * should be off: it only costs time here.
 */
export type RunGraph = (
  model: Uint8Array,
  feeds: Record<string, Tensor>,
  folder?: string,
) => Promise<Record<string, Tensor>>;

/**
 * Learns type and shape of every value by running the graph once with every value as an output, so that no shape inference has to
 * be written. All values of that run live at once: feed small examples.
 *
 * Every varying size must be at least 2 (0 is allowed, such as an empty cache): a size of 1 hides which operands are broadcast.
 * A graph that is built on the trace runs with size 1 all the same.
 *
 * Throws: TraceError.
 */
export async function trace(model: OnnxModel, feeds: Record<string, Tensor>, run: RunGraph): Promise<Trace> {
  checkFeeds(model, feeds);
  const computed = [...producers(model).keys()];
  const { bytes, folder } = sessionSource(tap(model, computed));
  const results = await run(bytes, feeds, folder);
  const constants = constantValues(model, results);
  const traced = new Map<string, TracedValue>();
  const put = (name: string, type: TensorType, dims: readonly number[]) =>
    traced.set(name, { type, dims: [...dims], constant: constants.get(name) });
  for (const tensor of model.graph.initializer) {
    const type = tensorType(tensor.dataType);
    if (type) put(tensor.name, type, tensor.dims.map(Number));
  }
  for (const [name, { type, dims }] of Object.entries(feeds)) put(name, type, dims);
  for (const name of computed) {
    const value = results[name];
    if (!value)
      throw new TraceError(
        `value "${name}": the traced run did not return it. Pass a run function that returns every output.`,
      );
    put(name, value.type, value.dims);
  }
  return traced;
}

/** Throws: TraceError when a graph input is not fed, or a varying size is 1. */
export function checkFeeds(model: OnnxModel, feeds: Record<string, Pick<Tensor, "dims">>): void {
  for (const input of feedInputs(model)) {
    const feed = feeds[input.name];
    if (!feed) throw new TraceError(`input "${input.name}": the example feeds leave it out. Feed every graph input.`);
    const { dims } = declared(input);
    feed.dims.forEach((size, axis) => {
      const varies = dims === undefined || typeof dims[axis] !== "number";
      if (size === 1 && varies)
        throw new TraceError(
          `input "${input.name}", axis ${axis}${dims?.[axis] ? ` ("${dims[axis]}")` : ""}: the size varies and is 1 in the example, which hides broadcasts. Trace with 2 or more; the result also runs with 1.`,
        );
    });
  }
}
