import type { GradientRule } from "./rule.ts";

import { reducedExtreme } from "./reduced-extreme.ts";

export const reduceMin: GradientRule = reducedExtreme;
