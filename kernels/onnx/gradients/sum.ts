import type { GradientRule } from "./rule.ts";

export const sum: GradientRule = ({ g, x, y: [y], dy }) => x.map((term) => g.unbroadcast(dy, g.dims(y), term));
