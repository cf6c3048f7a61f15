import { benchmarkFolder } from "../../datasets/benchmark-folder.ts";
import type { Benchmark } from "../../datasets/benchmark.ts";
import type { ConfusionPair } from "../../datasets/confusion-pair.ts";
import { benchmarks } from "../../datasets/index.ts";
import { CONFUSION_PAIRS, phantomConfusionPairs } from "../../datasets/phantom/forms/mediconfusion-pairs.ts";
import { requireKnown } from "../nearest-name.ts";
import { CommandLineError } from "./options.ts";
import { openPictureEncoder } from "./phantom/picture-encoder.ts";

export interface PairSource {
  /** "phantom" (also "phantom/mediconfusion"), or a benchmark of confusion pairs. */
  name: string;
  folder?: string;
  images?: string;
  limit?: number;
  seed: number;
  /** Whose vision encoder finds pairs of the phantom world. */
  model: string;
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

const published = (): Record<string, Benchmark> =>
  Object.fromEntries(Object.entries<Benchmark>(benchmarks).filter(([, { readPairs }]) => readPairs));

/** The drawn pairs go by two names: the second is that of `medke benchmarks`. */
const PHANTOM_NAMES = ["phantom", "phantom/mediconfusion"] as const;
export const isPhantomPairs = (name: string) => (PHANTOM_NAMES as readonly string[]).includes(name);

/** Refuses a wrong name, a folder that is missing and one that nothing reads. Throws: UnknownNameError; CommandLineError; BenchmarkMissingError. */
export function checkPairSource({ name, folder }: Pick<PairSource, "name" | "folder">): void {
  requireKnown("pairs", name, [...PHANTOM_NAMES, ...Object.keys(published())]);
  if (isPhantomPairs(name) && folder)
    throw new CommandLineError(
      `--data: phantom pairs are drawn. Leave --data out, or name the pairs that lie in ${folder}.`,
    );
  if (!isPhantomPairs(name) && !folder) benchmarkFolder(name);
}

/**
 * Draws pairs of the phantom world for a model, or reads a published set in file order.
 *
 * Throws: what `checkPairSource` and the reader throw; CancelledError.
 */
export async function confusionPairs(source: PairSource): Promise<ConfusionPair[]> {
  const { name, folder, images, limit, seed, model, signal, onProgress } = source;
  checkPairSource(source);
  const pairs: ConfusionPair[] = [];
  if (!isPhantomPairs(name)) {
    for await (const pair of published()[name].readPairs!({
      folder: folder ?? benchmarkFolder(name),
      images,
      needImages: true,
      signal,
    })) {
      if (pairs.length === limit) break;
      pairs.push(pair);
    }
    return pairs;
  }
  const encoder = await openPictureEncoder(model, { signal });
  try {
    const options = { encode: encoder.encode, seed, count: limit ?? CONFUSION_PAIRS, signal, onProgress };
    for await (const pair of phantomConfusionPairs(options)) pairs.push(pair);
    return pairs;
  } finally {
    await encoder.dispose();
  }
}
