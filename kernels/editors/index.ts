// To add an editor: write kernels/editors/<name>.ts (a function from options to Editor), add its line here, its test under
// test/kernels/editors/, and its row in the README's feature table.
import { requireKnown } from "../nearest-name.ts";
import { adalora } from "./adalora.ts";
import { alphaEdit } from "./alphaedit.ts";
import { balancEdit } from "./balancedit.ts";
import type { Editor } from "./editor.ts";
import { emmet } from "./emmet.ts";
import { ftAll } from "./ft-all.ts";
import { ftL } from "./ft-l.ts";
import { ftLlm } from "./ft-llm.ts";
import { ftM } from "./ft-m.ts";
import { ftProj } from "./ft-proj.ts";
import { ftVision } from "./ft-vision.ts";
import { grace } from "./grace.ts";
import { ike } from "./ike.ts";
import { lora } from "./lora.ts";
import { melo } from "./melo.ts";
import { memit } from "./memit.ts";
import { noOp } from "./no-op.ts";
import { oracle } from "./oracle.ts";
import { randomDirection } from "./random-direction.ts";
import { retrievalPrompt } from "./retrieval-prompt.ts";
import { pmet } from "./pmet.ts";
import { rRome } from "./r-rome.ts";
import { rome } from "./rome.ts";
import { simie } from "./simie.ts";
import { tPatcher } from "./t-patcher.ts";
import { ultraEdit } from "./ultraedit.ts";
import { wise } from "./wise.ts";

export const editors = {
  adalora,
  alphaedit: alphaEdit,
  balancedit: balancEdit,
  emmet,
  "ft-all": ftAll,
  "ft-l": ftL,
  "ft-llm": ftLlm,
  "ft-m": ftM,
  "ft-proj": ftProj,
  "ft-vision": ftVision,
  grace,
  ike,
  lora,
  melo,
  memit,
  "no-op": noOp,
  oracle,
  "random-direction": randomDirection,
  pmet,
  "retrieval-prompt": retrievalPrompt,
  "r-rome": rRome,
  rome,
  simie,
  "t-patcher": tPatcher,
  ultraedit: ultraEdit,
  wise,
} satisfies Record<string, (options?: never) => Editor>;

export type EditorId = keyof typeof editors;
export const EDITOR_IDS = Object.keys(editors) as EditorId[];

/** Makes an editor by name with its default options. Throws: UnknownNameError with the nearest name. */
export const editorNamed = (name: string): Editor => editors[requireKnown("editor", name, EDITOR_IDS)]();
