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
  "reported: PyTorch 2.13, best setting (MKL's fast path, fused kernels), layers below the edit computed once where that is possible; measured earlier, " +
  "2 idle AVX-512 cores. Their tokens were not recorded. PyTorch 2.13 on such a machine takes as long for 30 tokens (FT and LoRA alike), and for 66 tokens " +
  "and 25 steps of ROME: both sides take these.";

/** Editors on the 110M GPT that are compared: the settings of a reported figure, which both sides take. Tokens: of `textCases`, padded. */
export const SETTINGS = {
  "ft-llm": { words: 14, torch: { tokens: 30, steps: 25 }, reported: { seconds: 0.666, what: "FT, 25 steps" } },
  lora: { words: 14, rank: 8, torch: { tokens: 30, steps: 50 }, reported: { seconds: 3.61, what: "LoRA, 50 steps" } },
  // Layer 6 of 0 to 11, as the step benchmark's "one delta".
  rome: {
    words: 34,
    torch: { tokens: 66, steps: 25, contexts: 20, layer: 6 },
    reported: { seconds: 13.3, what: "ROME, 20 contexts" },
  },
} as const;
export type ComparedEditor = keyof typeof SETTINGS;
const { "ft-llm": ft, lora, rome } = SETTINGS;

const COMPARED: Record<ComparedEditor, () => Editor> = {
  "ft-llm": () => editors["ft-llm"]({ steps: ft.torch.steps }),
  lora: () => editors.lora({ rank: lora.rank, steps: lora.torch.steps, stopBelow: 0, targets: ["c_attn", "o_proj"] }),
  rome: () => {
    const { contexts, steps, layer } = rome.torch;
    return editors.rome({ contexts, steps, stopBelow: 0, depth: layer / 11 });
  },
};

/** Words of a story before each question, for texts of as many tokens as the other side has. */
export const wordsFor = (id: EditorId): number => (isCompared(id) ? SETTINGS[id] : ft).words;

export const isCompared = (id: string): id is ComparedEditor => id in COMPARED;

export const MODEL_NAMES = ["phantom", "110M"] as const;

/** Editors that a model is measured with unless others are named: all on the phantom model, on the GPT those with a reported figure. */
export const defaultEditors = (model: string): EditorId[] =>
  model === "phantom" ? idleLast(EDITOR_IDS) : (Object.keys(COMPARED) as EditorId[]);

/** An editor with the settings that it is measured with, and what was reported for them. */
export function measuredEditor(model: string, id: EditorId): { editor: Editor; reported?: Reported } {
  if (model === "110M" && isCompared(id)) return { editor: COMPARED[id](), reported: SETTINGS[id].reported };
  return { editor: editors[id]() };
}

/** Why an editor is not measured on a model of text alone; undefined where it is. */
export function leftOut(id: EditorId, needs: Editor["needs"]): string | undefined {
  if (id === "ft-vision" || id === "ft-proj") return "trains what sees images";
  if (needs.includes("encoder") || needs.includes("corpus")) return "writes a prompt and runs no pass of the model";
  return undefined;
}
