export { inferTrace } from "./infer-trace.ts";
export { ShapeInferenceError } from "./shape-inference-error.ts";
