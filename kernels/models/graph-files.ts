import { existsSync } from "node:fs";
import { join } from "node:path";

/** How transformers.js tells the files of one graph apart by the numbers that they hold ("dtype"), the most exact first. */
const ENDINGS = ["", "_fp16", "_int8", "_uint8", "_quantized", "_q4", "_q4f16", "_bnb4"];

/** Path in a model's folder of the most exact file of a graph that is there, such as "onnx/decoder_model_merged_fp16.onnx". */
export const graphFile = (folder: string, graph: string): string | undefined =>
  ENDINGS.map((ending) => `onnx/${graph}${ending}.onnx`).find((name) => existsSync(join(folder, name)));
