import type { GradientRule } from "./rule.ts";

export const identity: GradientRule = ({ dy }) => [dy];
