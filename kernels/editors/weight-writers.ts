// Editors whose edits are changes of weights alone: what editors that wrap another one take by name. To add one: a line here.
import { requireKnown } from "../nearest-name.ts";
import { adalora } from "./adalora.ts";
import { alphaEdit } from "./alphaedit.ts";
import type { Editor } from "./editor.ts";
import { emmet } from "./emmet.ts";
import { ftAll } from "./ft-all.ts";
import { ftL } from "./ft-l.ts";
import { ftLlm } from "./ft-llm.ts";
import { ftM } from "./ft-m.ts";
import { ftProj } from "./ft-proj.ts";
import { ftVision } from "./ft-vision.ts";
import { lora } from "./lora.ts";
import { memit } from "./memit.ts";
import { pmet } from "./pmet.ts";
import { rRome } from "./r-rome.ts";
import { rome } from "./rome.ts";
import { ultraEdit } from "./ultraedit.ts";

const weightWriters = {
  adalora,
  alphaedit: alphaEdit,
  emmet,
  "ft-all": ftAll,
  "ft-l": ftL,
  "ft-llm": ftLlm,
  "ft-m": ftM,
  "ft-proj": ftProj,
  "ft-vision": ftVision,
  lora,
  memit,
  pmet,
  "r-rome": rRome,
  rome,
  ultraedit: ultraEdit,
} satisfies Record<string, (options?: never) => Editor>;

export type WeightWriter = keyof typeof weightWriters;

/** Makes a weight writer by name. `what` names the option that it came from. Throws: UnknownNameError; what the editor throws of its options. */
export const weightWriter = (what: string, name: WeightWriter, options: object): Editor =>
  weightWriters[requireKnown(what, name, Object.keys(weightWriters) as WeightWriter[])](options as never);
