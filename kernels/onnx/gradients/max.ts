import type { GradientRule } from "./rule.ts";

import { extreme } from "./extreme.ts";

export const max: GradientRule = extreme;
