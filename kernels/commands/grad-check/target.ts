import { requireKnown } from "../../nearest-name.ts";
import { normal } from "../../onnx/build/initialisers.ts";
import { isFloat, tensorType } from "../../onnx/element-type.ts";
import type { OnnxModel } from "../../onnx/graph.ts";
import type { Site } from "../../onnx/sites.ts";
import { lift } from "../../onnx/surgery/lift.ts";
import { sideInput, sideInputNames } from "../../onnx/surgery/side-input.ts";
import { tensorOf } from "../../onnx/tensor-of.ts";
import { declared, feedInputs, initializerMap, producers } from "../../onnx/values.ts";
import type { Tensor } from "../../tensor.ts";

/** Something to differentiate with respect to, as an input of a graph. */
export interface Target {
  /** Site id, name of a graph input, or "side:SITE:A" and "side:SITE:B". */
  id: string;
  kind: "weight" | "input" | "side input";
  /** The graph in which it is an input, that input's name, and where to look. */
  model: OnnxModel;
  input: string;
  value: Tensor;
  /** Further feeds that this graph needs. */
  feeds: Record<string, Tensor>;
}

/** A target by name; its graph and values are made when it is checked. */
export interface TargetChoice {
  id: string;
  make: () => Target;
}

const SIDE_RANK = 4;

/**
 * Everything in a graph that can be checked: float weights at sites, float inputs, and low-rank side inputs of projections, 4-bit
 * ones included. Quantised weights are no targets: they do not vary.
 */
export function targetChoices(
  model: OnnxModel,
  sites: readonly Site[],
  feeds: Record<string, Tensor>,
  seed: number,
): TargetChoice[] {
  const weights = initializerMap(model);
  const float = (site: Site) => weights.has(site.weight) && isFloatWeight(model, site.weight);
  const inputs = feedInputs(model).filter((input) => {
    const feed = feeds[input.name];
    return feed && isFloat(declared(input).type!) && feed.data.length > 0 && !/mask/.test(input.name);
  });
  const made = producers(model);
  // A 4-bit projection takes side inputs as a float one does; integer products do not.
  const takesSides = (site: Site) => !site.quantised || made.get(site.output)?.opType === "MatMulNBits";
  const projections = sites.filter((site) => site.kind === "projection" && takesSides(site));
  return [
    ...inputs.map(({ name }) => ({
      id: name,
      make: () => ({ ...plain(model, name, feeds[name]), kind: "input" as const, id: name }),
    })),
    ...sites
      .filter((site) => site.weight && float(site) && !site.quantised)
      .map((site) => ({ id: site.id, make: () => weight(model, site) })),
    ...projections.flatMap((site) =>
      (["a", "b"] as const).map((half) => ({
        id: sideInputNames(site.id)[half],
        make: () => side(model, site, half, seed),
      })),
    ),
  ];
}

/** What is checked unless the user names targets: all inputs and weights, and the side inputs of the last projection of the layers. */
export function defaultTargets(choices: readonly TargetChoice[]): TargetChoice[] {
  const sides = choices.filter(({ id }) => id.startsWith("side:"));
  const inLayers = sides.filter(({ id }) => id.startsWith("side:layers."));
  return [...choices.filter((choice) => !sides.includes(choice)), ...(inLayers.length ? inLayers : sides).slice(-2)];
}

/** Throws: UnknownNameError with the nearest target. */
export function namedTargets(choices: readonly TargetChoice[], ids: readonly string[]): TargetChoice[] {
  const known = choices.map(({ id }) => id);
  return ids.map((id) => choices[known.indexOf(requireKnown("target", id, known))]);
}

const isFloatWeight = (model: OnnxModel, name: string) => {
  const type = tensorType(initializerMap(model).get(name)!.dataType);
  return type !== undefined && isFloat(type);
};

const plain = (model: OnnxModel, input: string, value: Tensor) => ({ model, input, value, feeds: {} });

function weight(model: OnnxModel, site: Site): Target {
  const value = tensorOf(initializerMap(model).get(site.weight)!);
  return { id: site.id, kind: "weight", ...plain(lift(model, [site.weight]), site.weight, value) };
}

/** Both factors are random, so that each has a gradient: that of A is zero where B is. */
function side(model: OnnxModel, site: Site, half: "a" | "b", seed: number): Target {
  const names = sideInputNames(site.id);
  const factor = (dims: number[], offset: number): Tensor => ({
    type: "float32",
    dims,
    data: normal(1 / Math.sqrt(dims[0]))(dims, seed + offset),
  });
  const factors = { a: factor([site.in, SIDE_RANK], 1), b: factor([SIDE_RANK, site.out], 2) };
  const other = half === "a" ? "b" : "a";
  return {
    id: names[half],
    kind: "side input",
    ...plain(sideInput(model, site), names[half], factors[half]),
    feeds: { [names[other]]: factors[other] },
  };
}
