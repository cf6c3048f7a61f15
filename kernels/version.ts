import manifest from "../package.json" with { type: "json" };

/** medke's version, as results record it. */
export const VERSION: string = manifest.version;
