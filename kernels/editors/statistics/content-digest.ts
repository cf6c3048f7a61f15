import { createHash } from "node:crypto";

/** 16 hexadecimal digits over plain data. */
export const contentDigest = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
