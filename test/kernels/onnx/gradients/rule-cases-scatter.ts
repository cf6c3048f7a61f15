import { fedInts, ints, x } from "./rule-case.ts";
import type { Resize, RuleCase } from "./rule-case.ts";

const MORE: Resize[] = [{ 3: 5 }];

const scatterNd = (title: string, inputs: RuleCase["inputs"], reduction?: string): RuleCase => ({
  op: "ScatterND",
  title,
  inputs,
  attributes: reduction ? { reduction } : {},
  resizes: MORE,
});
const scatterElements = (title: string, inputs: RuleCase["inputs"], axis: number, reduction?: string): RuleCase => ({
  op: "ScatterElements",
  title,
  inputs,
  attributes: { axis, ...(reduction && { reduction }) },
  resizes: [],
});
const einsum = (equation: string, ...dims: number[][]): RuleCase => ({
  op: "Einsum",
  title: equation,
  inputs: dims.map((shape) => x(...shape)),
  attributes: { equation },
});

/** Reading and writing at positions, running sums, and products by subscripts. */
export const scatterCases: RuleCase[] = [
  ...[0, 1].flatMap((exclusive) =>
    [0, 1].map((reverse): RuleCase => ({
      op: "CumSum",
      title: `exclusive ${exclusive}, reverse ${reverse}`,
      inputs: [x(2, 3, 4), ints([-1 - reverse], [])],
      attributes: { exclusive, reverse },
    })),
  ),
  { op: "GatherND", title: "of elements, repeated", inputs: [x(3, 4), ints([0, 1, 2, 3, 0, 1], [3, 2])], resizes: [] },
  { op: "GatherND", title: "of rows", inputs: [x(4, 3), fedInts([1, 3, -1], [3, 1])], resizes: [{ 4: 6 }] },
  { op: "GatherND", title: "of rows, each of them a hundred times", inputs: [x(4, 32), ints(Array.from({ length: 400 }, (_, i) => i % 4), [400, 1])], resizes: [] },
  { op: "GatherND", title: "by batch", inputs: [x(2, 3, 4), fedInts([2, 0], [2, 1])], attributes: { batch_dims: 1 }, resizes: [{ 3: 5, 4: 2 }] },
  { op: "GatherND", title: "by two batch axes", inputs: [x(2, 2, 3), fedInts([2, 0, 1, 1], [2, 2, 1])], attributes: { batch_dims: 2 }, resizes: MORE },
  { op: "GatherND", title: "of several rows a batch", inputs: [x(2, 4, 3), fedInts([1, 3, 3, 0, 2, 0], [2, 3, 1])], attributes: { batch_dims: 1 }, resizes: [{ 4: 6 }] },
  scatterNd("of rows", [x(4, 3), ints([2, 0], [2, 1]), x(2, 3)]),
  scatterNd("of elements", [x(4, 3), fedInts([2, 0, 1, 2], [2, 2]), x(2)]),
  scatterNd("that adds, twice at one place", [x(4, 3), ints([2, 2], [2, 1]), x(2, 3)], "add"),
  scatterElements("along axis 0", [x(4, 3), ints([2, 0, 1, 3, 1, 0], [2, 3]), x(2, 3)], 0),
  scatterElements("along the last axis, of part of the rows", [x(4, 3), fedInts([2, 0, 1, 2], [2, 2]), x(2, 2)], -1),
  scatterElements("that adds, twice at one place", [x(4, 3), ints([2, 2, 2], [1, 3]), x(1, 3)], 0, "add"),
  { op: "TopK", title: "of the last axis", inputs: [x(2, 4), ints([2])], outputs: 2, used: [0], resizes: [{ 2: 3, 4: 6 }, { 2: 1 }] },
  { op: "TopK", title: "smallest along axis 0", inputs: [x(4, 3), ints([3])], attributes: { axis: 0, largest: 0 }, outputs: 2, used: [0], resizes: [{ 4: 6 }] },
  einsum("ij,jk->ik", [2, 3], [3, 4]),
  einsum("bhqd,bhkd->bhqk", [2, 4, 3, 2], [2, 4, 5, 2]),
  einsum("i,j->ij", [3], [4]),
  einsum("bij,bjk,bk->bi", [2, 3, 4], [2, 4, 3], [2, 3]),
  einsum("ijk->ki", [2, 3, 4]),
  einsum("ij,ik->i", [2, 3], [2, 4]),
  einsum("ij->", [2, 3]),
  einsum("...ij,...jk->...ik", [4, 2, 3], [4, 3, 2]),
  einsum("...ij,jk->...ik", [4, 2, 3], [3, 4]),
  einsum("...i,...i", [4, 2, 3], [4, 1, 3]),
  einsum("ij,jk", [2, 3], [3, 4]),
]; // prettier-ignore
