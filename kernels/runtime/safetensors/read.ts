import type { FileHandle } from "node:fs/promises";
import { ELEMENT_TYPES, type StoredTensor } from "./element-types.ts";
import { LONGEST_HEADER, parseHeader, type SafetensorsHeader, SafetensorsError } from "./header.ts";

/** The start of a file: what it says, and its bytes with the length in front, for whoever hashes the file. */
export interface Head extends SafetensorsHeader {
  bytes: Buffer;
  dataBytes: number;
}

/** Reads and checks the header of an open file. Throws: SafetensorsError; what the file system throws. */
export async function readHead(file: FileHandle): Promise<Head> {
  const { size } = await file.stat();
  if (size < 8) throw new SafetensorsError(`it has ${size} bytes, which is no safetensors file`);
  const length = (await exactly(file, Buffer.alloc(8), 0)).readBigUInt64LE();
  if (length < 2n || length > BigInt(size - 8))
    throw new SafetensorsError(`it claims a header of ${length} bytes, ${size - 8} are there`);
  if (length > BigInt(LONGEST_HEADER))
    throw new SafetensorsError(`its header of ${length} bytes is longer than the ${LONGEST_HEADER} that are read`);
  const bytes = await exactly(file, Buffer.alloc(8 + Number(length)), 0);
  const dataBytes = size - bytes.length;
  return { ...parseHeader(bytes.subarray(8), dataBytes), bytes, dataBytes };
}

/** The tensors of an open file one after another, in the order of their bytes: all of the file behind its header, once. */
export async function* readTensors(file: FileHandle, head: Head): AsyncGenerator<[string, StoredTensor]> {
  for (const [name, { dtype, shape, begin, end }] of head.tensors) {
    const bytes = await exactly(file, new Uint8Array(end - begin), head.bytes.length + begin);
    yield [name, { dtype, shape, data: new ELEMENT_TYPES[dtype].array(bytes.buffer as ArrayBuffer) }];
  }
}

/** Largest single read: the system call takes no more than 2 GiB. */
const PIECE = 2 ** 30;

async function exactly<T extends Uint8Array>(file: FileHandle, into: T, position: number): Promise<T> {
  for (let done = 0; done < into.length;) {
    const length = Math.min(PIECE, into.length - done);
    const { bytesRead } = await file.read(into, done, length, position + done);
    if (bytesRead === 0) throw new SafetensorsError("it ends before its data do");
    done += bytesRead;
  }
  return into;
}
