export { applyPack } from "./apply-pack.ts";
export type { EditPack } from "./edit-pack.ts";
export { EditPackError, OtherModelError } from "./errors.ts";
export { loadPack } from "./load-pack.ts";
export { savePack, type SavePackOptions } from "./save-pack.ts";
