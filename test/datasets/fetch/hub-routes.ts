import { createHash } from "node:crypto";
import type { FaultyServer } from "./faulty-server.ts";

export const COMMIT = "0123456789abcdef0123456789abcdef01234567";

export const gitOid = (bytes: Buffer) =>
  createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");

/** Puts a dataset on a server as the hub serves it: its revision, its listing and its files. `large` files have a SHA-256, as in LFS. */
export function serveDataset(
  server: FaultyServer,
  dataset: string,
  files: Record<string, Buffer>,
  { revision = "main", large = [] as string[] } = {},
): void {
  server.serve(`/api/datasets/${dataset}/revision/${revision}`, JSON.stringify({ _id: "1", id: dataset, sha: COMMIT }));
  const entries = Object.entries(files).map(([path, bytes]) => ({
    type: "file",
    path,
    size: bytes.length,
    oid: gitOid(bytes),
    ...(large.includes(path) && {
      lfs: { oid: createHash("sha256").update(bytes).digest("hex"), size: bytes.length, pointerSize: 130 },
    }),
  }));
  server.serve(`/api/datasets/${dataset}/tree/${COMMIT}`, JSON.stringify(entries));
  for (const [path, bytes] of Object.entries(files))
    server.serve(`/datasets/${dataset}/resolve/${COMMIT}/${path}`, bytes);
}
