import { shownPath } from "../../datasets/shown-path.ts";
import type { EditPack } from "../editors/pack/index.ts";
import { isTensor } from "../editors/pack/array-types.ts";
import { type NamedStatistics, readStatisticsName } from "../editors/statistics/statistics-name.ts";
import { textTable } from "./text-table.ts";

interface Held {
  /** Where in the intervention, such as "delta". */
  name: string;
  type: string;
  dims: readonly number[];
  bytes: number;
}

/** What a pack holds, without its numbers: for people and, as JSON, for programs. */
export function packSummary(file: string, { edits, ...pack }: EditPack) {
  return {
    file: shownPath(file),
    ...pack,
    edits: edits.map(({ id, editor, cases, images, scope, carried, provenance, interventions }) => ({
      ...{
        id,
        editor,
        cases,
        images,
        scope: scope.kind,
        seed: provenance.seed,
        options: withoutNumbers(provenance.options),
      },
      statistics: readStatisticsName(provenance.trace?.covariance),
      interventions: interventions.map((step) => {
        const { kind, ...parts } = step;
        return { kind, ...("site" in step && { site: step.site }), ...contents(parts) };
      }),
      scopeTensors: contents(scope).tensors,
      carried: contents(carried ?? {}).tensors,
    })),
  };
}

/**
 * The same as text, with further lines before its notice. What stands in a file is printed without the characters that steer a terminal.
 */
export function describePack(file: string, pack: EditPack, more: readonly string[] = []): string {
  const { edits } = packSummary(file, pack);
  const size = (bytes: number) => `${bytes.toLocaleString("en-GB")} bytes`;
  return [
    `${shownPath(file)}: edit pack, version ${pack.version}, ${size(pack.bytes)}`,
    `content sha256 ${pack.sha256}, as it should be (of all but its own place in the file: sha256sum gives another)`,
    `base model ${plain(pack.model.id)}, digest ${pack.model.digest}; written by medke ${plain(pack.medke)}`,
    ...edits.flatMap(
      ({ id, editor, seed, options, cases, images = [], scope, statistics, interventions, scopeTensors, carried }) => [
        "",
        `edit ${plain(id)}: ${plain(editor)}, seed ${seed}, scope ${plain(scope)}, ${plain(JSON.stringify(options))}`,
        ...(statistics ? [`statistics of keys: ${statisticsText(statistics)}`] : []),
        `${cases.length} ${cases.length === 1 ? "case" : "cases"}: ${plain(shortened(cases))}`,
        ...(images.length ? [`about ${images.length === 1 ? "image" : "images"} ${plain(shortened(images))}`] : []),
        ...(interventions.length ? [table(interventions, size)] : ["no interventions: it changes nothing"]),
        ...scopeTensors.map((held) => `scope: ${tensorText(held, size)}`),
        ...carried.map((held) => `carried for its editor: ${tensorText(held, size)}`),
      ],
    ),
    ...(more.length ? ["", ...more] : []),
    "",
    pack.notice,
  ].join("\n");
}

function table(
  interventions: ReturnType<typeof packSummary>["edits"][number]["interventions"],
  size: (bytes: number) => string,
): string {
  return textTable(
    ["  kind", "site", "holds"],
    interventions.map(({ kind, site = "-", tensors, others }) => [
      `  ${plain(kind)}`,
      plain(site),
      [...tensors.map((held) => tensorText(held, size)), ...others.map(plain)].join("; ") || "-",
    ]),
  );
}

function statisticsText(statistics: NamedStatistics | "identity"): string {
  if (statistics === "identity") return "none, the identity";
  const { corpus, tokens, digests } = statistics;
  const short = digests.map((digest) => `${digest.slice(0, 8)}…`).join(", ");
  return `${plain(corpus)}, ${tokens} tokens, ${digests.length > 1 ? "digests" : "digest"} ${short}`;
}

const tensorText = ({ name, type, dims, bytes }: Held, size: (bytes: number) => string) =>
  `${plain(name)} ${type} [${dims.join(", ")}], ${size(bytes)}`;

/** Tensors and arrays at any depth, and how much else there is in each field. */
function contents(parts: object): { tensors: Held[]; others: string[] } {
  const tensors: Held[] = [];
  const find = (value: unknown, name: string): void => {
    if (typeof value !== "object" || value === null) return;
    if (ArrayBuffer.isView(value)) {
      const { length } = value as Float32Array;
      tensors.push({ name, type: value.constructor.name, dims: [length], bytes: value.byteLength });
    } else if (isTensor(value)) {
      const { type, dims, data } = value;
      tensors.push({ name, type, dims, bytes: data.byteLength });
    } else for (const [key, each] of Object.entries(value)) find(each, `${name}.${key}`);
  };
  const others: string[] = [];
  for (const [name, value] of Object.entries(parts)) {
    find(value, name);
    if (typeof value === "string" && name !== "site" && name !== "kind")
      others.push(`${name}, ${value.length} characters`);
    if (typeof value === "number" || typeof value === "boolean") others.push(`${name} ${value}`);
    if (Array.isArray(value)) others.push(`${name}, ${value.length} ${value.length === 1 ? "entry" : "entries"}`);
  }
  return { tensors, others };
}

const SHOWN = 5;

/** The first few names. */
export const shortened = (names: readonly string[]) =>
  names.slice(0, SHOWN).join(", ") + (names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "");

export const plain = (text: string) => text.replace(/[\p{Cc}\p{Cf}]/gu, "?");

/** Options as JSON can say them: of arrays their length. */
const withoutNumbers = (options: Record<string, unknown>) =>
  JSON.parse(
    JSON.stringify(options, (_, value) => {
      if (ArrayBuffer.isView(value)) return `(${value.byteLength} bytes)`;
      return typeof value === "bigint" || Number.isNaN(value) ? String(value) : value;
    }),
  ) as Record<string, unknown>;
