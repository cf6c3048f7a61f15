/**
 * Globals that transpiled code refers to. They carry a prefix that no user would choose, completion hides them, and
 * core/runtime-globals.ts defines them.
 */
export const names = {
  /** (from folder or file, specifier) => namespace */
  import: "__medke_import",
  /** import.meta of cells */
  meta: "__medke_meta",
  /** Int32Array over shared memory: which runs were asked to stop; see core/interrupt-flags.ts */
  flags: "__medke_flags",
  /** () => never */
  interrupted: "__medke_interrupted",
  /** local constant: the run that entered the function */
  slot: "__medke_slot",
} as const;
