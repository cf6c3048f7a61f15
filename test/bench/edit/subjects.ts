import { EDITOR_IDS, type EditorId, editors } from "../../../kernels/editors/index.ts";
import type { Editor } from "../../../kernels/editors/editor.ts";

/** Change nothing: they tell what an edit costs that computes nothing. */
const IDLE: readonly string[] = ["no-op", "oracle"];
const idleLast = (ids: readonly EditorId[]) => [...ids.filter((id) => !IDLE.includes(id)), ...ids.filter((id) => IDLE.includes(id))]; // prettier-ignore

/** Seconds that PyTorch took for an edit elsewhere. */
export interface Reported {
  seconds: number;
  what: string;
}

/** Said above such figures: they are no measurement of this run. */
export const REPORTED_CONDITIONS =
  "reported: PyTorch 2.13, best setting (MKL's fast path, fused kernels), layers below the edit computed once where that is possible; measured " +
  "earlier on another machine, 2 idle AVX-512 cores. Tokens, layer and steps of ROME were not recorded; its step times fit about 56 tokens.";

/** Editors on the 110M GPT with the settings of a reported figure. */
const COMPARED: Partial<Record<EditorId, { make: () => Editor; reported: Reported }>> = {
  "ft-llm": {
    make: () => editors["ft-llm"]({ steps: 25 }),
    reported: { seconds: 0.666, what: "FT, 25 steps" },
  },
  lora: {
    make: () => editors.lora({ rank: 8, steps: 50, stopBelow: 0, targets: ["c_attn", "o_proj"] }),
    reported: { seconds: 3.61, what: "LoRA, 50 steps" },
  },
  rome: {
    // Layer 6 of 0 to 11, as the step benchmark's "one delta".
    make: () => editors.rome({ contexts: 20, steps: 25, stopBelow: 0, depth: 6 / 11 }),
    reported: { seconds: 13.3, what: "ROME, 20 contexts" },
  },
};

export const MODEL_NAMES = ["phantom", "110M"] as const;

/** Editors that a model is measured with unless others are named: all on the phantom model, on the GPT those with a reported figure. */
export const defaultEditors = (model: string): EditorId[] =>
  model === "phantom" ? idleLast(EDITOR_IDS) : (Object.keys(COMPARED) as EditorId[]);

/** An editor with the settings that it is measured with, and what was reported for them. */
export function measuredEditor(model: string, id: EditorId): { editor: Editor; reported?: Reported } {
  const compared = model === "110M" ? COMPARED[id] : undefined;
  if (compared) return { editor: compared.make(), reported: compared.reported };
  return { editor: editors[id]() };
}

/** Why an editor is not measured on a model of text alone; undefined where it is. */
export function leftOut(id: EditorId, needs: Editor["needs"]): string | undefined {
  if (id === "ft-vision" || id === "ft-proj") return "trains what sees images";
  if (needs.includes("encoder") || needs.includes("corpus")) return "writes a prompt and runs no pass of the model";
  return undefined;
}
