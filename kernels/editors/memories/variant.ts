/** Where an official implementation has a known defect, `official` reproduces it and `corrected` is what the method means to do. */
export type Variant = "official" | "corrected";
