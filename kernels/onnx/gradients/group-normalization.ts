import { floatAttribute, intAttribute } from "../attributes.ts";
import { normalised } from "./normalised.ts";
import { perChannel } from "./per-channel.ts";
import type { GradientRule } from "./rule.ts";

/** Neighbouring channels are normalised together. Scale and bias count channels; before operator set 21 they count groups. */
export const groupNormalization: GradientRule = ({ g, node, x: [x, scale], dy }) => {
  const groups = intAttribute(node, "num_groups", 1);
  const { spread, sum } = perChannel(g, x);
  const grouped = (value: string) =>
    g.op("Reshape", [value, g.op("Concat", [g.sizes(x, [0]), g.ints([groups, -1])], { axis: 0 })]);
  const { normal, back } = normalised(g, grouped(x), [2], floatAttribute(node, "epsilon", 1e-5), x);
  const channels = g.dims(x)[1];
  const each = g.ints([groups, channels / groups]);
  const byGroup = g.opset < 21;
  const ofChannels = byGroup
    ? g.op("Reshape", [g.op("Expand", [g.op("Unsqueeze", [scale, g.ints([1])]), each]), g.ints([channels])])
    : scale;
  const toScale = (perChannel: string) => (byGroup ? g.sum(g.op("Reshape", [perChannel, each]), [1], 0) : perChannel);
  return [
    g.reshapeLike(back(grouped(g.mul(dy, spread(ofChannels)))), x),
    toScale(sum(g.mul(dy, g.reshapeLike(normal, x)))),
    toScale(sum(dy)),
  ];
};
