import { createHash } from "node:crypto";

/** Where the digest stands, by the README of packs. */
const DIGEST = { at: 8 + '{"__metadata__":{"sha256":"'.length, digits: 64 };

/** A pack with a changed header and a digest that is right again: damage that no digest finds. */
export function forged(bytes: Buffer, change: (metadata: Record<string, string>) => void): Buffer {
  const length = Number(bytes.readBigUInt64LE());
  const { __metadata__: metadata, ...entries } = JSON.parse(bytes.toString("utf8", 8, 8 + length));
  change(metadata);
  metadata.sha256 = "0".repeat(64);
  const header = Buffer.from(JSON.stringify({ __metadata__: metadata, ...entries }));
  const file = Buffer.concat([Buffer.alloc(8), header, bytes.subarray(8 + length)]);
  file.writeBigUInt64LE(BigInt(header.length));
  file.write(createHash("sha256").update(file).digest("hex"), DIGEST.at);
  return file;
}
