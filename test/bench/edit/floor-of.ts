import type { MeasuredEdit } from "./result.ts";
import type { Cost, Runs } from "./watch-runs.ts";

/**
 * Splits an edit's runs into those of the decoder and others, and adds up the floor of the former. `floors` holds what a run takes by graph and size.
 *
 * Throws: Error where a run's floor was not measured: the edits that are compared were not the same.
 */
export function floorOf(
  runs: ReadonlyMap<string, Runs>,
  floors: ReadonlyMap<string, Cost>,
  ofDecoder: (graph: string) => boolean,
): Pick<MeasuredEdit, "floor" | "cpuFloor" | "decoder" | "other" | "graphs"> {
  const graphs = new Map<string, MeasuredEdit["graphs"][number]>();
  const sums = { floor: 0, cpuFloor: 0, decoder: 0, other: 0 };
  for (const [key, { graph, count, seconds }] of runs) {
    // What was remembered when the edit was made again, such as encoded texts, has no floor; of the decoder nothing is.
    const each = floors.get(key) ?? (ofDecoder(graph) ? undefined : { seconds: 0, cpu: 0 });
    if (each === undefined) throw new Error(`no floor was measured of ${key}`);
    const known = graphs.get(graph) ?? { graph, runs: 0, seconds: 0, floor: 0 };
    const floor = known.floor + count * each.seconds;
    graphs.set(graph, { graph, runs: known.runs + count, seconds: known.seconds + seconds, floor });
    sums[ofDecoder(graph) ? "decoder" : "other"] += seconds;
    if (!ofDecoder(graph)) continue;
    sums.floor += count * each.seconds;
    sums.cpuFloor += count * each.cpu;
  }
  return { ...sums, graphs: [...graphs.values()].sort((a, b) => b.seconds - a.seconds) };
}
