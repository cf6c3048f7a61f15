import type { GradientRule } from "./rule.ts";

import { reducedExtreme } from "./reduced-extreme.ts";

export const reduceMax: GradientRule = reducedExtreme;
