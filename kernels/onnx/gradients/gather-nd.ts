import { intAttribute } from "../attributes.ts";
import type { GradientRule } from "./rule.ts";
import { scatterAlongAxis } from "./scatter-along-axis.ts";

/**
 * Elements that were read several times receive the sum. The axes that the index addresses are laid out as one, and its columns become
 * positions on it; see scatterAlongAxis for why ScatterND does not serve.
 */
export const gatherNd: GradientRule = ({ g, node, x: [x, index], dy }) => {
  const batch = intAttribute(node, "batch_dims", 0);
  const [rank, rankX] = [g.rank(index), g.rank(x)];
  const leading = [...Array(rank - 1).keys()];
  const columns = g.dims(index)[rank - 1];
  const addressed = batch + columns;
  const size = (axis: number) => g.op("Squeeze", [g.sizes(x, [axis]), g.ints([0])]);

  // The batch axes are addressed by where the index stands.
  const own = (axis: number) => {
    const positions = g.op("Range", [g.int(0), g.op("Squeeze", [g.sizes(index, [axis]), g.ints([0])]), g.int(1)]);
    return g.op("Unsqueeze", [positions, g.ints(leading.filter((k) => k !== axis))]);
  };
  const column = (j: number) => {
    const value = g.op("Gather", [index, g.int(j)], { axis: rank - 1 });
    return g.op("Where", [g.op("Less", [value, g.int(0)]), g.add(value, size(batch + j)), value]);
  };
  let position = g.int(0);
  for (let axis = 0; axis < addressed; axis++) {
    const at = axis < batch ? own(axis) : column(axis - batch);
    position = g.add(g.op("Mul", [position, size(axis)]), at);
  }
  const flat = g.op("Reshape", [position, g.ints([-1])]);

  const product = (axes: number[]) => g.op("ReduceProd", [g.sizes(x, axes)], { keepdims: 1 });
  const behind = Array.from({ length: rankX - addressed }, (_, i) => addressed + i);
  const width = behind.length ? product(behind) : g.ints([1]);
  const shape = g.op("Concat", [product([...Array(addressed).keys()]), width], { axis: 0 });
  const count = g.op("Reshape", [g.op("Size", [flat]), g.ints([1])]);
  const values = g.op("Reshape", [dy, g.op("Concat", [count, width], { axis: 0 })], { allowzero: 1 });
  const summed = scatterAlongAxis(g, { values, index: flat, indexRank: 1, axis: 0, rank: 2, shape, like: x });
  return [g.reshapeLike(summed, x)];
};
