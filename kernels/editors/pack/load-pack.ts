import { type FileHandle, open, stat } from "node:fs/promises";
import { totalmem } from "node:os";
import { CORRECTION_NOTICE, COUNTERFACTUAL_NOTICE } from "../../../datasets/case.ts";
import { shownPath } from "../../../datasets/shown-path.ts";
import manifest from "../../../package.json" with { type: "json" };
import type { StoredTensor } from "../../runtime/safetensors/element-types.ts";
import { type Head, readHead, readTensors } from "../../runtime/safetensors/read.ts";
import { shownValue } from "../../runtime/safetensors/shown-value.ts";
import type { Edit } from "../../models/edit.ts";
import { editId } from "../edit-id.ts";
import { freeze } from "../make-edit.ts";
import { checkEdit } from "./check-edit.ts";
import { decodePlain } from "./decode.ts";
import type { EditPack } from "./edit-pack.ts";
import { EditPackError } from "./errors.ts";
import { FORMAT, OLDEST, VERSION } from "./save-pack.ts";
import { beginSeal, beginsAsPack, HEAD_BYTES, sealOf } from "./seal.ts";

/**
 * Reads a `.medke` file that `savePack` wrote, and checks all of it: the header against the file, the digest, every edit's own id. Nothing
 * in a file is executed, and nothing is allocated that the file does not hold. A digest proves that a file is whole, not who made it.
 *
 * Throws: EditPackError, with the reason and what to do.
 */
export async function loadPack(file: string): Promise<EditPack> {
  const refuse = (why: string, next: string, cause?: unknown) =>
    new EditPackError(`${shownPath(file)}: ${why}. ${next}`, { cause });
  let handle: FileHandle;
  try {
    // Before it is opened: a pipe would wait for its writer.
    if (!(await stat(file)).isFile()) throw new Error("it is no file");
    handle = await open(file, "r");
  } catch (cause) {
    throw refuse(`it cannot be read (${(cause as Error).message.split(",")[0]})`, NAME_ONE, cause);
  }
  try {
    return await read(handle);
  } catch (cause) {
    const { message, code } = cause as NodeJS.ErrnoException;
    if (cause instanceof NewerPackError)
      throw refuse(message, "Update medke, or fetch the file again if it should be older.", cause);
    if (code !== undefined) throw refuse(`it cannot be read (${message.split(",")[0]})`, NAME_ONE, cause);
    if (!(await isBegun(handle))) throw refuse(`it is no edit pack of medke (${message})`, NAME_OR_FETCH, cause);
    throw refuse(message, "Fetch the file again, or make the edit again with medke edit.", cause);
  } finally {
    await handle.close();
  }
}

const NAME_ONE = "Name a file that medke edit --out wrote.";
const NAME_OR_FETCH = "Fetch the file again if it should be one, or name one that medke edit --out wrote.";

/** Whether a file that is refused was an edit pack before it was damaged. */
async function isBegun(handle: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return beginsAsPack(buffer.subarray(0, bytesRead));
}

class NewerPackError extends EditPackError {}

async function read(handle: FileHandle): Promise<EditPack> {
  const head = await readHead(handle);
  const { version, notice, medke } = checkMetadata(head);
  const limit = Math.min(totalmem(), process.constrainedMemory() || Infinity) / 2;
  if (head.dataBytes > limit)
    throw new EditPackError(`its ${head.dataBytes} bytes of numbers are more than half of this machine's memory`);

  const hash = beginSeal(head.bytes);
  const tensors = new Map<string, StoredTensor>();
  for await (const [name, tensor] of readTensors(handle, head)) {
    tensors.set(name, tensor);
    hash.update(new Uint8Array(tensor.data.buffer));
  }
  const [sha256, said] = [hash.digest("hex"), sealOf(head.bytes)];
  if (sha256 !== said)
    throw new EditPackError(
      `its content has the digest ${sha256.slice(0, 12)}…, and it should be ${said?.slice(0, 12)}…: it was changed or damaged`,
    );

  const { model, edits } = readDocument(head.metadata.document, tensors);
  return freeze({ version, medke, notice, model, sha256, bytes: head.bytes.length + head.dataBytes, edits });
}

function checkMetadata({ metadata, bytes }: Head): { version: number; notice: string; medke: string } {
  const { format, version, medke, notice, document } = metadata;
  if (format !== FORMAT || !sealOf(bytes))
    throw new EditPackError("it is a safetensors file, but no edit pack of medke");
  if (Number(version) > VERSION)
    throw new NewerPackError(
      `it is a pack of version ${shownValue(version)}, written by medke ${shownValue(medke)}; medke ${manifest.version} reads versions ${OLDEST} to ${VERSION}`,
    );
  if (!/^\d+$/.test(version ?? "") || Number(version) < OLDEST)
    throw new EditPackError(`its version ${shownValue(version)} is none that ever was`);
  if (medke === undefined || document === undefined) throw new EditPackError("its metadata lack medke or document");
  if (notice !== COUNTERFACTUAL_NOTICE && notice !== CORRECTION_NOTICE)
    throw new EditPackError(`its notice ${shownValue(notice)} is none of medke's`);
  return { version: Number(version), notice, medke };
}

function readDocument(text: string, tensors: ReadonlyMap<string, StoredTensor>): Pick<EditPack, "model" | "edits"> {
  const { model, edits } = (decodePlain(JSON.parse(text), tensors) ?? {}) as Partial<Record<string, unknown>>;
  const { id, digest } = (model ?? {}) as Partial<EditPack["model"]>;
  if (typeof id !== "string" || typeof digest !== "string" || !/^[0-9a-f]{1,64}$/.test(digest))
    throw new EditPackError("it does not name its base model");
  if (!Array.isArray(edits) || edits.length === 0) throw new EditPackError("it holds no edit");
  return {
    model: { id, digest },
    edits: edits.map((each, i) => {
      const edit = checkEdit(each?.edit, `edits.${i}`);
      if (contentOf(edit) !== each.content)
        throw new EditPackError(
          `edit ${shownValue(edit.id)} has another content than its id ${shownValue(each.content)} says`,
        );
      return edit;
    }),
  };
}

/** Throws: EditPackError for interventions that cannot be named, because their form is not known. */
function contentOf(edit: Edit): string {
  try {
    return editId(edit);
  } catch (cause) {
    throw new EditPackError(`edit ${shownValue(edit.id)} has a form that this medke does not know`, { cause });
  }
}
