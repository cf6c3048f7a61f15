import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DecodedImage, type DecodeOptions, decodeRgb, ImageUnreadableError } from "../../../datasets/image.ts";

/** A folder for the files of one suite; made before it and removed after it. */
export function scratchImages() {
  let folder = "";
  before(async () => void (folder = await mkdtemp(join(tmpdir(), "medke-images-"))));
  after(() => rm(folder, { recursive: true }));
  let count = 0;
  const put = async (bytes: Uint8Array) => {
    const id = `image-${count++}`;
    await writeFile(join(folder, id), bytes);
    return { id, path: join(folder, id) };
  };
  const decode = async (bytes: Uint8Array, options?: DecodeOptions): Promise<DecodedImage> =>
    decodeRgb(await put(bytes), options);
  /** The message of the typed error with which the bytes are refused. */
  const refusal = async (bytes: Uint8Array, options?: DecodeOptions): Promise<string> => {
    const error = await decode(bytes, options).then(
      () => new Error("it was decoded"),
      (cause: Error) => cause,
    );
    if (!(error instanceof ImageUnreadableError)) throw error;
    return error.message;
  };
  return { put, decode, refusal };
}

/** The first channel, which greyscale repeats on all three. */
export const greyOf = ({ data }: { data: Uint8Array }) => [...data.filter((_, i) => i % 3 === 0)];
