/** Where an official implementation has a known defect, `official` reproduces it to the digit and `corrected` is what was meant. */
export type Variant = "official" | "corrected";
