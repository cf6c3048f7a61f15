import { between, chooseWindow, percentiles } from "./choose-window.ts";
import type { DecodedImage, Decoding, ImageFormat } from "./decoding.ts";
import { ImageFault } from "./image-fault.ts";
import { requireIndex, requireSize } from "./image-size.ts";
import { dataRange } from "./nifti/data-range.ts";
import { HEADER_BYTES, readNiftiHeader, type VolumeHeader } from "./nifti/header.ts";
import { displayAxes } from "./nifti/orientation.ts";
import { volumeValues } from "./nifti/voxels.ts";
import { greyToRgb } from "./rgb-image.ts";
import { greyLevel } from "./window.ts";

const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b;
const hasMagic = (bytes: Buffer) =>
  /^n[+i]1\0/.test(bytes.toString("latin1", 344, 348)) || /^n[+i]2\0/.test(bytes.toString("latin1", 4, 8));

/**
 * NIfTI-1 and NIfTI-2 volumes, in one file, also gzipped: one slice of one volume, turned so that axial and coronal slices show the
 * patient's right on the left (radiological convention), sagittal ones the front on the left, and all of them head or front on top.
 */
export const nifti: ImageFormat = {
  matches: (bytes) => isGzip(bytes) || hasMagic(bytes),
  async decode(bytes, { plane = "axial", ...options }) {
    const start = await dataRange(bytes, 0, HEADER_BYTES, isGzip(bytes));
    if (!hasMagic(start)) throw new ImageFault("a gzip file whose content is no NIfTI volume");
    const header = readNiftiHeader(start);
    const volume = requireIndex("volume", options.volume, header.volumes);
    const values = volumeValues(await volumeBytes(bytes, header, volume), header);
    const axes = displayAxes(header.affine, plane);
    const [width, height, depth] = [axes.columns, axes.rows, axes.through].map(({ axis }) => header.size[axis]);
    requireSize(width, height);
    const slice = requireIndex("slice", options.slice, depth, Math.floor(depth / 2));
    const decoding: Decoding = {
      format: header.format,
      storage: header.storage,
      slice: { plane, index: slice, count: depth },
      ...(header.volumes > 1 && { volume: { index: volume, count: header.volumes } }),
      orientation: axes.described,
      spacing: [header.spacing[axes.rows.axis], header.spacing[axes.columns.axis]],
      notes: header.oriented
        ? []
        : ["The file does not state its orientation: its axes are taken to point right, forward and up."],
    };
    if (decoding.spacing?.some((distance) => !(distance > 0))) delete decoding.spacing;
    const pixel = pixelOrder(header, axes, slice);
    if (header.channels === 3) return colour(values, width, height, pixel, options.window !== undefined, decoding);
    const window = chooseWindow(
      options.window,
      { window: header.calibration && between(...header.calibration), otherwise: robust },
      values,
    );
    const level = greyLevel(window);
    const cut = Float32Array.from(
      { length: width * height },
      (_, i) => values[pixel(i % width, Math.floor(i / width))],
    );
    return { width, height, data: greyToRgb(cut, level), decoding: { ...decoding, window } };
  },
};

/** Percentiles, because single bright voxels are common; of masks and label maps, where they coincide, the extremes. */
function robust(values: ArrayLike<number>): "percentile" | "min-max" {
  const [low, high] = percentiles(values, 0.01, 0.99);
  return low < high ? "percentile" : "min-max";
}

async function volumeBytes(bytes: Buffer, header: VolumeHeader, volume: number): Promise<Buffer> {
  const begin = header.offset + volume * header.volumeBytes;
  const found = await dataRange(bytes, begin, begin + header.volumeBytes, isGzip(bytes));
  if (found.length === header.volumeBytes) return found;
  throw new ImageFault(
    `its data are cut short: ${found.length} of the ${header.volumeBytes} bytes of volume ${volume}`,
  );
}

/** Index of a voxel by its column and row on display. */
function pixelOrder({ size }: VolumeHeader, { columns, rows, through }: ReturnType<typeof displayAxes>, slice: number) {
  const strides = [1, size[0], size[0] * size[1]];
  const along = ({ axis, flipped }: { axis: number; flipped: boolean }, at: number) =>
    strides[axis] * (flipped ? size[axis] - 1 - at : at);
  const first = along(through, slice);
  return (column: number, row: number) => first + along(columns, column) + along(rows, row);
}

function colour(
  values: ArrayLike<number>,
  width: number,
  height: number,
  pixel: (column: number, row: number) => number,
  windowAsked: boolean,
  decoding: Decoding,
): DecodedImage {
  if (windowAsked) decoding.notes.push("No window was used: the image is in colour.");
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const voxel = 3 * pixel(i % width, Math.floor(i / width));
    for (let c = 0; c < 3; c++) data[3 * i + c] = values[voxel + c];
  }
  return { width, height, data, decoding };
}
