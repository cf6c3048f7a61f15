import type { OnnxModel } from "../onnx/graph.ts";
import { inlineFunctions } from "../onnx/inline-functions.ts";
import { readModelFile } from "../onnx/read-model-file.ts";
import { sessionSource } from "../onnx/session-source.ts";
import { floatEdges } from "../onnx/surgery/float-edges.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Session } from "../runtime/session.ts";

/**
 * Reads and opens a graph that takes and gives float32: the file as it is, or with casts at its edges where those are in half precision.
 *
 * It is read before the engine does: that would act on a hostile file, and names the faults of a damaged one in its own terms.
 * Throws: OnnxFormatError for a damaged file, ModelFileError for one that ONNX Runtime refuses.
 */
export async function openGraph(
  runtime: Runtime,
  file: string,
  where: string,
): Promise<{ graph: OnnxModel; session: Session }> {
  const read = inlineFunctions(await readModelFile(file), where);
  const graph = floatEdges(read);
  return { graph, session: await runtime.open(graph === read ? file : async () => sessionSource(graph), where) };
}
