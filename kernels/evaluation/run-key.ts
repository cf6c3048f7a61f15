import type { EditCase } from "../../datasets/case.ts";
import type { Editor } from "../editors/editor.ts";
import type { EditableModel } from "../models/editable-model.ts";
import { contentHash, portableCase } from "./content-hash.ts";
import { medkeVersion } from "./medke-version.ts";

/** What determines every number of a run, beside its cases and their order. */
export interface RunIdentity {
  model: Pick<EditableModel, "id" | "device" | "edits">;
  /** Digest of the model's files, so that results of other weights under the same name are not taken for its own. */
  modelDigest?: string;
  editor: Pick<Editor, "id" | "options" | "needs">;
  corpus: readonly EditCase[];
  /** Digest of what second moments are gathered over, where the editor takes any. */
  statistics?: string;
  seed: number;
}

/**
 * Hash of a run's identity, 32 hexadecimal digits. It leaves out host, time and the place of the images, so that a stored result is found
 * again wherever it was computed; it holds the device, because arithmetic differs between devices, and medke's version.
 */
export const runKey = ({ model, modelDigest, editor, corpus, statistics, seed }: RunIdentity): string =>
  contentHash(
    {
      run: "v3",
      medke: medkeVersion,
      model: { id: model.id, digest: modelDigest, device: model.device.device, edits: model.edits.map(({ id }) => id) },
      editor: { id: editor.id, options: editor.options },
      // Only where the editor reads the corpus does it change the result, so that a longer run reuses the cases of a shorter one.
      corpus: editor.needs.includes("corpus") ? contentHash(corpus.map(portableCase), 32) : undefined,
      statistics: editor.needs.includes("statistics") ? statistics : undefined,
      seed,
    },
    32,
  );
