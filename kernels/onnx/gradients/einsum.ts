import { stringAttribute } from "../attributes.ts";
import type { NodeProto } from "onnx-buf";
import { UnsupportedGradientError } from "./rule.ts";
import type { GradientRule } from "./rule.ts";

/**
 * The gradient of an operand is the sum of products of the cotangent with the other operands. A subscript that this operand alone
 * carries was summed away: its gradient is the same all along it.
 */
export const einsum: GradientRule = ({ g, node, x, y: [y], dy }) => {
  const { terms, result } = subscripts(node, x.map((operand) => g.rank(operand))); // prettier-ignore
  const size = new Map<string, number>();
  terms.forEach((term, k) =>
    [...term].forEach((letter, axis) => size.set(letter, Math.max(size.get(letter) ?? 0, g.dims(x[k])[axis]))),
  );
  return x.map((operand, k) => {
    const others = x.filter((_, i) => i !== k);
    const otherTerms = terms.filter((_, i) => i !== k);
    const known = new Set([result, ...otherTerms].join(""));
    const kept = [...terms[k]].filter((letter) => known.has(letter));
    const product = g.op("Einsum", [dy, ...others], {
      equation: `${[result, ...otherTerms].join()}->${kept.join("")}`,
    });
    if (kept.length === terms[k].length) return g.unbroadcast(product, kept.map((letter) => size.get(letter)!), operand); // prettier-ignore
    const lost = [...terms[k]].flatMap((letter, axis) => (known.has(letter) ? [] : [axis]));
    const sizes = [...terms[k]].map((letter, axis) =>
      known.has(letter) ? size.get(letter)! : g.dims(operand)[axis] === 1 ? 1 : 0,
    );
    const spread = g.op("Unsqueeze", [product, g.ints(lost)]);
    const summed = g.unbroadcast(spread, sizes, operand);
    return g.type(operand) === g.type(y) ? g.expandLike(summed, operand) : summed;
  });
};

/** Subscripts of operands and result with "..." written out as letters, aligned at the end as broadcasting is. */
function subscripts(node: NodeProto, ranks: readonly number[]): { terms: string[]; result: string } {
  const equation = stringAttribute(node, "equation", "").replaceAll(" ", "");
  const [left, right] = equation.split("->");
  const written = left.split(",");
  const hidden = Math.max(0, ...written.map((term, k) => (term.includes("...") ? ranks[k] - (term.length - 3) : 0)));
  const free = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].filter((letter) => !equation.includes(letter)).slice(0, hidden);
  const spell = (term: string, count: number) => term.replace("...", free.slice(hidden - count).join(""));
  const terms = written.map((term, k) => spell(term, term.includes("...") ? ranks[k] - (term.length - 3) : 0));
  if (terms.some((term) => new Set(term).size < term.length))
    throw new UnsupportedGradientError(
      node,
      `takes a diagonal ("${equation}")`,
      "Export the model without repeated subscripts in one operand",
    );
  const letters = left.replace(/[^a-zA-Z]/g, "");
  const once = [...new Set(letters)].filter((letter) => letters.split(letter).length === 2).sort();
  return { terms, result: right === undefined ? [...free, ...once].join("") : spell(right, hidden) };
}
