import { throwIfCancelled } from "../kernels/errors.ts";
import { numpyRandom } from "../kernels/numpy-random.ts";
import { type ReasonCount, Tally } from "./reason-count.ts";

/** What every reader of a published benchmark takes. */
export interface ReadOptions {
  /** Folder of the benchmark's files, or one of the files itself. */
  folder: string;
  /** One of the benchmark's `splits`. Default: its first. */
  split?: string;
  /**
   * "file" (default): the order of the file, in memory that does not grow with it. "official": as the benchmark's own code shuffles it
   * (numpy `default_rng(seed).shuffle` over the usable records), which holds the records of the split in memory.
   */
  order?: "file" | "official";
  /** Seed of the official order. Default 0. */
  seed?: number;
  /** What to do with a malformed record: refuse the file (default), or leave it out and count it. */
  onInvalid?: "throw" | "report";
  /** Of a benchmark whose portability probes have hops: the one to keep. Default: all. */
  hop?: 1 | 2 | 3 | 4;
  /** Of a benchmark in several languages: the one to read. Default: the benchmark's first. */
  lang?: string;
  /** Root of the images where they do not lie in the benchmark's folder. */
  images?: string;
  /** Leaves out records of which an image file is missing, and counts them. Default: they come, and opening the image fails by name. */
  needImages?: boolean;
  /**
   * Adds probes that published sets lack, as far as the data allow: questions close to an edit that must stay as they were (see
   * `HardNegativeName`). Reads the file twice and holds an index of its questions. Default false.
   */
  hardNegatives?: boolean;
  signal?: AbortSignal;
}

/** Records read one after another. The lists are complete once it has been read to its end; reading it again starts over. */
export interface Reading<T> extends AsyncIterable<T> {
  /** Records left out, with the reason and the count. */
  readonly skipped: ReasonCount[];
  /** Records kept after a harmless repair, with what was repaired. */
  readonly notes: ReasonCount[];
  /** Names of the files that were read, relative to the benchmark's folder. */
  readonly sources: string[];
}

/** Where a reader reports what it does not yield, repairs, and opens. */
export interface ReadingLog {
  skip(reason: string): void;
  note(reason: string): void;
  source(file: string): void;
}

/** Makes a reading of a generator that is started anew for every iteration. */
export function reading<T>(generate: (log: ReadingLog) => AsyncIterable<T>): Reading<T> {
  let skipped = new Tally();
  let notes = new Tally();
  let sources: string[] = [];
  return {
    get skipped() {
      return skipped.list();
    },
    get notes() {
      return notes.list();
    },
    get sources() {
      return [...sources];
    },
    [Symbol.asyncIterator]() {
      skipped = new Tally();
      notes = new Tally();
      sources = [];
      const log: ReadingLog = {
        skip: (reason) => skipped.add(reason),
        note: (reason) => notes.add(reason),
        source: (file) => void sources.push(file),
      };
      return generate(log)[Symbol.asyncIterator]();
    },
  };
}

/** The items in the wanted order (see `ReadOptions.order`). Throws: CancelledError between two items. */
export async function* ordered<T>(
  items: AsyncIterable<T>,
  { order = "file", seed = 0, signal }: Pick<ReadOptions, "order" | "seed" | "signal">,
): AsyncGenerator<T> {
  if (order === "file") {
    for await (const item of items) {
      throwIfCancelled(signal, "reading a benchmark");
      yield item;
    }
    return;
  }
  const all: T[] = [];
  for await (const item of items) {
    throwIfCancelled(signal, "reading a benchmark");
    all.push(item);
  }
  yield* numpyRandom(seed).shuffle(all);
}
