/** The model that comes with medke, and the benchmarks that ask about its world. */
const PHANTOM = "phantom";

/**
 * Why the numbers of a model on a benchmark say nothing of either: one of them belongs to the phantom world, and the other does not.
 * `phantomWorld` says that the questions do; by default their benchmark's name does.
 */
export function otherWorld(
  model: string,
  benchmark: string,
  phantomWorld = benchmark === PHANTOM || benchmark.startsWith(`${PHANTOM}/`),
): string | undefined {
  if (model === PHANTOM && !phantomWorld)
    return `${model} knows only the phantom world: on ${benchmark} it guesses, and these numbers show that a pipeline works, nothing else. Take a model of real images, or a phantom benchmark.`;
  if (model !== PHANTOM && phantomWorld)
    return `${benchmark} asks about an invented world: unless ${model} was trained on it, it guesses, and these numbers show that a pipeline works, nothing else. Take --model phantom, or another benchmark.`;
  return undefined;
}

/** How many groups of cases were edited together, by how many cases each held. */
export type GroupSizes = ReadonlyMap<number, number>;

/** Says of a batch protocol which batches were smaller than it asks for, because the cases ran out. */
export function shortBatches(protocol: string, sizes: GroupSizes): string | undefined {
  const wanted = Number(/^batch:(\d+)/.exec(protocol)?.[1]);
  const short = [...sizes].filter(([size]) => size < wanted);
  if (!short.length) return undefined;
  const [small, all] = [short, [...sizes]].map((each) => each.reduce((sum, [, count]) => sum + count, 0));
  const held = short.map(([size]) => size).join(" and ");
  return `${protocol}: ${small === all ? (all === 1 ? "the only batch holds" : `all ${all} batches hold`) : `${small} of ${all} batches ${small === 1 ? "holds" : "hold"}`} ${held} ${held === "1" ? "case" : "cases"}, so ${small === all ? "these are numbers" : "some of these numbers are"} of smaller batches. Test a multiple of ${wanted} cases.`;
}
