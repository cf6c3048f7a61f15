import { type NIFTI1, type NIFTI2, readHeader } from "nifti-reader-js";
import { ImageFault } from "../image-fault.ts";

/** A NIfTI-2 header and the four bytes that announce extensions. */
export const HEADER_BYTES = 544;

/** Largest volume that is read, in voxels: 256 slices of 1024 x 1024, 1 GiB as numbers. */
const MAX_VOXELS = 2 ** 28;

/** Extensions stand before the voxels; more than this is none. Units: bytes. */
const MAX_OFFSET = 2 ** 28;

export interface VoxelType {
  name: string;
  bytes: 1 | 2 | 4 | 8;
  read: "Uint8" | "Int8" | "Uint16" | "Int16" | "Uint32" | "Int32" | "Float32" | "Float64" | "BigInt64" | "BigUint64";
  channels: 1 | 3;
}

const voxelType = (name: string, bytes: VoxelType["bytes"], read: VoxelType["read"], channels: 1 | 3 = 1) => ({
  name,
  bytes,
  read,
  channels,
});

/** Data types by their codes (nifti1.h). Complex and 128-bit numbers are left out: what to show of them is no matter of course. */
const TYPES: Record<number, VoxelType> = {
  2: voxelType("uint8", 1, "Uint8"),
  4: voxelType("int16", 2, "Int16"),
  8: voxelType("int32", 4, "Int32"),
  16: voxelType("float32", 4, "Float32"),
  64: voxelType("float64", 8, "Float64"),
  128: voxelType("rgb24", 1, "Uint8", 3),
  256: voxelType("int8", 1, "Int8"),
  512: voxelType("uint16", 2, "Uint16"),
  768: voxelType("uint32", 4, "Uint32"),
  1024: voxelType("int64", 8, "BigInt64"),
  1280: voxelType("uint64", 8, "BigUint64"),
};

/** The part of a header that pixels depend on. Descriptions and extensions, which may name a patient, are not in it. */
export interface VolumeHeader {
  format: "nifti-1" | "nifti-2";
  storage: string;
  /** Voxels along the three axes of a volume. */
  size: [number, number, number];
  volumes: number;
  type: VoxelType;
  channels: 1 | 3;
  littleEndian: boolean;
  /** Where the data begin, and how long one volume is. Units: bytes. */
  offset: number;
  volumeBytes: number;
  slope: number;
  intercept: number;
  /** What the file wants to be black and white. */
  calibration?: [number, number];
  /** From voxel indices to millimetres right, forward and up of the patient. Shape: [3, 4]. */
  affine: number[][];
  oriented: boolean;
  /** Distances of voxel centres. Units: millimetres. */
  spacing: [number, number, number];
}

/** Reads a header from the first HEADER_BYTES bytes. Throws: ImageFault for sizes that no volume has. */
export function readNiftiHeader(start: Buffer): VolumeHeader {
  const second = start.toString("latin1", 4, 6).startsWith("n");
  if (start.length < (second ? HEADER_BYTES - 4 : 348)) throw new ImageFault("its header is cut short");
  // The reader is shown no extensions: it would follow their sizes through the file.
  const own = new Uint8Array(new ArrayBuffer(HEADER_BYTES));
  own.set(start.subarray(0, second ? HEADER_BYTES - 4 : 348));
  const header = readHeader(own.buffer, true);
  if (header.magic.startsWith("ni"))
    throw new ImageFault("the header of a pair of files", "Convert the pair (.hdr and .img) to one .nii file.");
  const type = TYPES[header.datatypeCode];
  if (!type) throw new ImageFault(`voxels of data type ${header.datatypeCode}, which are not read`);
  const { size, volumes } = dimensions(header.dims);
  const voxels = size[0] * size[1] * size[2] * type.channels;
  if (voxels > MAX_VOXELS)
    throw new ImageFault(`a volume of ${size.join(" x ")} voxels exceeds the limit of ${MAX_VOXELS}`);
  const offset = Math.round(header.vox_offset) || 352;
  if (!(offset >= 348 && offset <= MAX_OFFSET)) throw new ImageFault(`voxels that begin at byte ${offset}`);
  const scaled = Number.isFinite(header.scl_slope) && header.scl_slope !== 0 && type.channels === 1;
  return {
    format: second ? "nifti-2" : "nifti-1",
    storage: `${type.name}, ${header.littleEndian ? "little" : "big"} endian`,
    size,
    volumes,
    type,
    channels: type.channels,
    littleEndian: header.littleEndian,
    offset,
    volumeBytes: voxels * type.bytes,
    slope: scaled ? header.scl_slope : 1,
    intercept: scaled && Number.isFinite(header.scl_inter) ? header.scl_inter : 0,
    calibration: header.cal_max > header.cal_min ? [header.cal_min, header.cal_max] : undefined,
    ...affineOf(header),
    spacing: [1, 2, 3].map((axis) => Math.abs(header.pixDims[axis])) as VolumeHeader["spacing"],
  };
}

function dimensions([rank, ...dims]: number[]): { size: [number, number, number]; volumes: number } {
  if (!(rank >= 2 && rank <= 7)) throw new ImageFault(`the header says ${rank} dimensions`);
  const used = dims.map((length, i) => (i < rank ? length : 1));
  if (used.some((length) => !Number.isInteger(length) || length < 1))
    throw new ImageFault(`the header says ${used.slice(0, rank).join(" x ")} voxels`);
  const [x, y, z, ...more] = used;
  return { size: [x, y, z], volumes: more.reduce((product, length) => product * length, 1) };
}

/** The reader's affine; where rounding made the quaternion longer than 1, which it turns into NaN, the one of its tolerant formula. */
function affineOf(header: NIFTI1 | NIFTI2): Pick<VolumeHeader, "affine" | "oriented"> {
  const finite = (affine: number[][]) => affine.slice(0, 3).every((row) => row.every(Number.isFinite));
  const { affine, qform_code: qform, sform_code: sform } = header;
  if (finite(affine)) return { affine: affine.slice(0, 3), oriented: qform > 0 || sform > 0 };
  const tolerant = header.getQformMat();
  if (finite(tolerant)) return { affine: tolerant.slice(0, 3), oriented: qform > 0 };
  throw new ImageFault("its orientation holds no numbers");
}
