import { readFileSync } from "node:fs";
import { SiteMapError } from "../onnx/sites/site-map.ts";
import type { SiteMap } from "../onnx/sites/site-map.ts";

/**
 * Reads a map of sites: a JSON object from site id to node name.
 *
 * Throws: SiteMapError.
 */
export function readSiteMap(path: string): SiteMap {
  const fail = (problem: string, cause?: unknown): never => {
    throw new SiteMapError(
      `site map "${path}": ${problem}. Write an object such as {"layers.0.mlp.down_proj": "/h.0/mlp/MatMul_1"}.`,
      { cause },
    );
  };
  let map: unknown;
  try {
    map = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    return fail(`it cannot be read as JSON (${(error as Error).message})`, error);
  }
  if (typeof map !== "object" || map === null || Array.isArray(map)) return fail("it is not an object");
  for (const [id, node] of Object.entries(map)) if (typeof node !== "string") fail(`"${id}" is not the name of a node`);
  return map as SiteMap;
}
