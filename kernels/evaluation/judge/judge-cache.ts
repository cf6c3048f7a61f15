import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { contentHash } from "../content-hash.ts";

/** Replies by the content of what was asked. In a folder a reply is one file, so that another run, or one that was stopped, finds it. */
export class JudgeCache {
  readonly #folder: string | undefined;
  readonly #known = new Map<string, string>();

  constructor(folder?: string) {
    this.#folder = folder;
  }

  async get(asked: unknown): Promise<string | undefined> {
    const name = contentHash(asked, 40);
    const known = this.#known.get(name);
    if (known !== undefined || !this.#folder) return known;
    try {
      const { reply } = JSON.parse(await readFile(join(this.#folder, `${name}.json`), "utf8")) as { reply?: unknown };
      return typeof reply === "string" ? reply : undefined;
    } catch {
      // Absent, or torn by a crash: asked again.
      return undefined;
    }
  }

  async set(asked: unknown, reply: string): Promise<void> {
    const name = contentHash(asked, 40);
    this.#known.set(name, reply);
    if (!this.#folder) return;
    await mkdir(this.#folder, { recursive: true });
    const path = join(this.#folder, `${name}.json`);
    await writeFile(`${path}.part`, JSON.stringify({ asked, reply }));
    await rename(`${path}.part`, path);
  }
}
