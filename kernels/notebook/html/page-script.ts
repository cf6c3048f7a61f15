import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const built = import.meta.url.endsWith(".ts") ? join(here, "../../../dist/page.js") : join(here, "page.js");

/** The script that turns pictures into interactive views, or undefined before it was built: the page then keeps its pictures. */
export function pageScript(): string | undefined {
  return existsSync(built) ? readFileSync(built, "utf8") : undefined;
}
