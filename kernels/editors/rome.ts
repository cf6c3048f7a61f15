import type { Editor } from "./editor.ts";
import { romeEditor, type RomeOptions } from "./locate/rome-editor.ts";

export type { RomeOptions } from "./locate/rome-editor.ts";

/**
 * ROME: finds the output of one MLP at the key's token that makes the model give the target, and writes it as a rank-one change of the down
 * projection: delta = u (v* - v)^T / (k . u), u = C^-1 k' / |C^-1 k'|. With contexts, u comes from the mean key and k is the plain prompt's, as
 * published; without they are one, and ROME is R-ROME.
 *
 * Off its label on questions about images, which name no subject: where the key is taken is an option that is recorded.
 * Needs a gradient of one vector. Source: ROME (arXiv 2202.05262), section 3.
 */
export const rome = (given: RomeOptions = {}): Editor =>
  romeEditor("rome", "writes one association into one MLP as a rank-one change; the key's token is an option", given);
