import type { ImageRef } from "./case.ts";
import { type DecodedImage, type DecodeOptions, decodeRgb } from "./image.ts";
import type { WindowRecord } from "./images/window.ts";

/**
 * Says in lines how an image file is stored and was decoded: format, size, window, frame, slice, orientation. Nothing else of the file
 * is shown: headers of medical files name patients.
 *
 * Throws: ImageUnreadableError.
 */
export async function describeImage(ref: ImageRef, options: DecodeOptions = {}): Promise<string> {
  return describeDecoded(await decodeRgb(ref, options));
}

/** The same for an image that is decoded already. */
export function describeDecoded({ width, height, decoding }: DecodedImage): string {
  const { format, storage, window, frame, slice, volume, orientation, spacing, notes } = decoding;
  const rows: [name: string, value: string | false | undefined][] = [
    ["format", format],
    ["storage", storage],
    ["size", `${width} x ${height} pixels`],
    ["window", window && describeWindow(window)],
    ["frame", frame && `${frame.index} of 0 to ${frame.count - 1}`],
    ["slice", slice && `${slice.plane} ${slice.index} of 0 to ${slice.count - 1}`],
    ["volume", volume && `${volume.index} of 0 to ${volume.count - 1}`],
    ["orientation", orientation],
    [
      "spacing",
      spacing && `${spacing.map((distance) => Number(distance.toPrecision(6))).join(" x ")} mm (rows x columns)`,
    ],
    ...notes.map((note): [string, string] => ["note", note]),
  ];
  return rows.flatMap(([name, value]) => (value ? [`${name.padEnd(12)} ${value}`] : [])).join("\n");
}

function describeWindow(window: WindowRecord): string {
  if ("table" in window) return `a table of ${window.table.entries} entries (file)`;
  const number = (value: number) => String(Number(value.toPrecision(6)));
  return `centre ${number(window.center)}, width ${number(window.width)}, ${window.function} (${window.source})`;
}
