import { requireKnown } from "../../kernels/nearest-name.ts";
import { findSplit, type FoundFile } from "../benchmark-files.ts";
import type { ConfusionPair } from "../confusion-pair.ts";
import { type JsonRecord, type JsonRecordOptions, jsonRecords } from "../json-records.ts";
import { pairClusters } from "../pair-clusters.ts";
import { ordered, reading, type Reading, type ReadingLog, type ReadOptions } from "../reading.ts";
import { MalformedRecordError, RecordFields } from "../record-fields.ts";
import { csvRecords } from "./csv-records.ts";
import { layout } from "./layout.ts";
import { PairImages } from "./pair-images.ts";
import { type MediconfusionRecord, parseRecord } from "./record.ts";

/** Records of either file. */
export const records = (file: FoundFile, options: JsonRecordOptions): AsyncIterable<JsonRecord> =>
  (/\.csv$/i.test(file.name) ? csvRecords : jsonRecords)(file.path, layout.benchmark, options);

/**
 * Reads MediConfusion: pairs of radiology images that an encoder sees as alike, with one question that tells them apart. Ids are those of
 * the file. Pairs that share an image, directly or through others, have one cluster, for which the whole file (176 pairs) is read first;
 * a pair that is left out still joins the images that it shows.
 *
 * Captions and drafts contain the answers and are in no field but their own. Images are not given out with the benchmark: where they are
 * missing the pairs come nevertheless, and the notes count them.
 * The reading throws: BenchmarkMissingError, BenchmarkFileError, MalformedRecordError, CancelledError.
 * Source: Sepehri et al., arXiv 2409.15477 (ICLR 2025).
 */
export function readMediconfusion(options: ReadOptions): Reading<ConfusionPair> {
  const splits = Object.keys(layout.splits);
  const split = requireKnown("mediconfusion split", options.split ?? splits[0], splits);
  const onInvalid = requireKnown("onInvalid", options.onInvalid ?? "throw", ["throw", "report"] as const);
  return reading((log) => ordered(pairs({ ...options, split, onInvalid }, log), options));
}

async function* pairs(options: ReadOptions & { split: string }, log: ReadingLog): AsyncGenerator<ConfusionPair> {
  const file = await findSplit(layout, options.folder, options.split);
  log.source(file.name);
  const images = await PairImages.open(file, options);
  const found: { key: string; fields: RecordFields; record: MediconfusionRecord }[] = [];
  for await (const json of records(file, options))
    try {
      const fields = new RecordFields(json, `${layout.benchmark}: ${file.name}`);
      found.push({ key: json.key ?? String(json.index), fields, record: parseRecord(fields) });
    } catch (error) {
      if (options.onInvalid === "throw" || !(error instanceof MalformedRecordError)) throw error;
      log.skip("the record is malformed");
    }
  const clusters = pairClusters(found.map(({ record }) => record.images));
  for (const [i, { key, fields, record }] of found.entries()) {
    const { locals, ...pair } = record;
    try {
      const located = await Promise.all(record.images.map((path, side) => images.locate(path, locals[side])));
      const [one, two] = located.map((image, side) =>
        "problem" in image ? fields.refuse(`im_${side + 1}`, image.problem, record.images[side]) : image,
      );
      if (options.needImages && (one.missing || two.missing)) {
        log.skip(`field "im_${one.missing ? 1 : 2}": the image file is missing`);
        continue;
      }
      for (const [side, { missing }] of [one, two].entries())
        if (missing) log.note(`field "im_${side + 1}": the image file is missing`);
      yield {
        ...pair,
        id: `mediconfusion-${key}`,
        benchmark: "mediconfusion",
        split: "test",
        images: [one.image, two.image],
        cluster: String(clusters[i]),
        meta: { ...record.meta, im_1_local: String(locals[0]), im_2_local: String(locals[1]) },
      };
    } catch (error) {
      if (options.onInvalid === "throw" || !(error instanceof MalformedRecordError)) throw error;
      log.skip("the record is malformed");
    }
  }
}
