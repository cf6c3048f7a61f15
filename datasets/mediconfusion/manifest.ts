import { access } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { jsonRecords } from "../json-records.ts";
import type { PlacedRecord } from "../validate-edits.ts";
import type { Checks } from "../validation.ts";
import type { MediconfusionRecord } from "./record.ts";

/** Checks `image_dict.json`, which says from which article each image comes, where it is there. Throws: BenchmarkFileError. */
export async function checkManifest(
  checks: Checks,
  folder: string,
  pairs: readonly PlacedRecord<MediconfusionRecord>[],
): Promise<void> {
  const places = ["image_dict.json", "data/image_dict.json"].flatMap((name) => [
    join(resolve(folder), name),
    join(dirname(resolve(folder)), name),
  ]);
  const present = await Promise.all(
    places.map((path) =>
      access(path).then(
        () => path,
        () => undefined,
      ),
    ),
  );
  const file = present.find((path) => path !== undefined);
  if (!file) return;
  const numbers = new Map<string, unknown>();
  const articles = new Set<string>();
  for await (const { key, value } of jsonRecords(file, "mediconfusion")) {
    const { local, dlink } = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
    if (key !== undefined) numbers.set(key, local);
    const article = /PMC\d+/.exec(String(dlink))?.[0];
    if (article) articles.add(article);
  }
  checks.open("manifest-images", "images of image_dict.json", "note", 228).count(numbers.size);
  checks.open("manifest-articles", "articles that the images come from", "note", 219).count(articles.size);
  const other = checks.open("manifest-differs", "images whose number is not that of image_dict.json", "warning", 0);
  for (const { record, json, file: name } of pairs)
    for (const side of [0, 1] as const)
      if (numbers.get(record.images[side]) !== record.locals[side])
        other.find({
          file: name,
          line: json.lineOf(`im_${side + 1}_local`),
          field: `im_${side + 1}_local`,
          value: record.locals[side],
        });
}
