import manifest from "../../package.json" with { type: "json" };

/** The version of this package, as it goes into every result document. */
export const medkeVersion: string = manifest.version;
