import type { Tensor } from "../tensor.ts";
import { float32 } from "../tensor.ts";
import type { OnnxModel } from "./graph.ts";
import { dequantisedName } from "./lowering/dequantised-name.ts";
import { floatsOf } from "./lowering/float-weight.ts";
import { lower } from "./lowering/index.ts";
import type { Site } from "./sites.ts";
import { initializerMap, requireGraphName } from "./values.ts";

/**
 * The weight W of a projection y = x·W as float32, whatever it is stored as: transposed, in half precision, or quantised. A copy.
 *
 * Shapes: [in, out].
 * Throws: UnknownGraphNameError for a site of another graph; WeightValuesError when the values cannot be read.
 */
export function siteWeight(model: OnnxModel, site: Site): Tensor<Float32Array> {
  const own = initializerMap(model).get(site.weight);
  const name = dequantisedName(site.weight);
  const readable = site.quantised ? initializerMap(lower(model, { targets: [name] })).get(name) : own;
  if (!readable) {
    requireGraphName("weight", site.weight, initializerMap(model).keys());
    throw new Error(`internal: site ${site.id} has a quantised weight that its lowering did not name`);
  }
  const values = floatsOf(readable);
  // A lowered weight is always stored as [in, out].
  const transposed = site.transposed && readable === own;
  const [rows, columns] = [site.in, site.out];
  const stored = Number(readable.dims[1]);
  const first = site.part ? site.part.from * (site.part.axis === 0 ? stored : 1) : 0;
  const weight = new Float32Array(rows * columns);
  // Editors ask for weights of millions of numbers at every edit.
  if (transposed)
    for (let column = 0; column < columns; column++)
      for (let row = 0; row < rows; row++) weight[row * columns + column] = values[first + column * stored + row];
  else
    for (let row = 0; row < rows; row++) {
      const start = first + row * stored;
      weight.set(values.subarray(start, start + columns), row * columns);
    }
  return float32(weight, [rows, columns]);
}
