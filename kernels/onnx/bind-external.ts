import { type Stats, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { TensorProto_DataLocation, TensorProto_DataType as DataType } from "onnx-buf";
import type { TensorProto } from "onnx-buf";
import type { OnnxModel } from "./graph.ts";
import { everyTensor } from "./every-tensor.ts";
import { bindExternal, ExternalDataError, isExternal, readExternal } from "./external-data.ts";
import { externalLocation } from "./external-location.ts";

/**
 * Binds every external weight of a freshly read model to its bytes in `folder`. Only names and sizes are looked up; no byte of a
 * weight is read (shapes and indices are: see takeIn).
 *
 * `file` is the graph file where there is one: a download cache may hold links in `folder` to files that lie together elsewhere, and
 * data files beside the graph's own real place are then inside as well. Any other file outside `folder` is refused.
 * Throws: ExternalDataError for a missing, short or outside data file; missing ones stay unbound with `allowMissing`.
 */
export function bindExternalData(
  model: OnnxModel,
  where: string,
  { folder, file, allowMissing = false }: { folder: string; file?: string; allowMissing?: boolean },
): void {
  const roots = [folder, ...(file ? [dirname(realpathSync(file))] : [])].map((root) => realpathSync(root));
  const found = new Map<string, { real: string; size: number } | undefined>();
  const lookUp = (path: string) => {
    if (!found.has(path)) found.set(path, dataFile(join(folder, path), path, roots, where));
    return found.get(path);
  };
  for (const tensor of everyTensor(model)) {
    if (!isExternal(tensor)) continue;
    const place = externalLocation(tensor);
    if ("problem" in place) throw new ExternalDataError(where, `weight "${tensor.name}" ${place.problem}`);
    const data = lookUp(place.path);
    if (!data && allowMissing) continue;
    if (!data)
      throw new ExternalDataError(where, `its weights lie in "${place.path}", which is missing`, {
        action: `Put "${place.path}" beside the model file`,
      });
    if (place.offset + place.length > data.size)
      throw new ExternalDataError(
        where,
        `weight "${tensor.name}" takes bytes ${place.offset} to ${place.offset + place.length} of "${place.path}", which has ${data.size}`,
      );
    const range = { file: data.real, offset: place.offset, length: place.length };
    if (isShapeLike(tensor, place.length)) takeIn(tensor, readExternal(range, tensor.name));
    else bindExternal(tensor, range);
  }
}

const LARGEST_SHAPE = 512;

/** Axes, sizes and indices, which some exporters put outside with everything else. */
const isShapeLike = ({ dataType }: TensorProto, length: number) =>
  length <= LARGEST_SHAPE && (dataType === DataType.INT64 || dataType === DataType.INT32);

/** They belong to the graph's structure and are looked into all the time: they are read at once and lie in the graph from then on. */
function takeIn(tensor: TensorProto, bytes: Uint8Array<ArrayBuffer>): void {
  tensor.rawData = bytes;
  tensor.externalData = [];
  tensor.dataLocation = TensorProto_DataLocation.DEFAULT;
}

function dataFile(path: string, name: string, roots: readonly string[], where: string) {
  let real: string;
  let stats: Stats;
  try {
    real = realpathSync(path);
    stats = statSync(real);
  } catch {
    return undefined;
  }
  if (!roots.some((root) => isInside(root, real)))
    throw new ExternalDataError(where, `"${name}" is a link to a file outside the model's folder`);
  if (!stats.isFile()) throw new ExternalDataError(where, `"${name}", where its weights lie, is not a file`);
  return { real, size: stats.size };
}

const isInside = (root: string, path: string) => {
  const way = relative(root, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !/^[A-Za-z]:/.test(way);
};
