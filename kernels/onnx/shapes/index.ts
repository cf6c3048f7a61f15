export { inferTrace } from "./infer-trace.ts";
export { learnTrace } from "./learn-trace.ts";
export { ShapeInferenceError } from "./shape-inference-error.ts";
