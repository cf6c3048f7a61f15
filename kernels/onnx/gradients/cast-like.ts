import { cast } from "./cast.ts";
import type { GradientRule } from "./rule.ts";

export const castLike: GradientRule = (call) => [...cast(call), undefined];
