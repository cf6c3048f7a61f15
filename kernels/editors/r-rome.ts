import type { Editor } from "./editor.ts";
import { romeEditor, type RomeOptions } from "./locate/rome-editor.ts";

/**
 * R-ROME: ROME with one key in every place, the mean over all contexts, so that sequences of edits do not collapse.
 *
 * Options as `rome`. Source: Gupta et al., "Rebuilding ROME" (arXiv 2403.07175).
 */
export const rRome = (given: RomeOptions = {}): Editor =>
  romeEditor("r-rome", "ROME with the same key in every place of its formula, for sequences of edits", given);
