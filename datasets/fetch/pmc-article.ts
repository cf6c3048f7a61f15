import { DownloadError } from "./errors.ts";
import { encodedPath, type Hosts } from "./hosts.ts";
import { isPassing, type Network, pause, stopped, waitBefore } from "./network.ts";
import { request, shown } from "./request.ts";
import { UserFacingError } from "../../kernels/errors.ts";

/** Later versions of an article are corrections; the figures were taken from its first. */
export const VERSIONS = [1, 2, 3];
const LONGEST_METADATA = 8 * 2 ** 20;

/** What PubMed Central says of one version of an article. */
export interface Article {
  version: number;
  /** Such as "CC BY-NC"; "unknown" where no metadata state one. */
  licence: string;
  citation?: string;
  doi?: string;
  /** MD5 of its files, by file name, where stated. */
  md5: Map<string, string>;
}

export const figureAddress = (hosts: Hosts, article: string, version: number, name: string): string =>
  `${hosts.pmc}/${article}.${version}/${encodedPath(name)}`;

/**
 * Asks for the metadata of one version of an article; undefined where there is none.
 *
 * Throws: DownloadError when the server does not answer; CancelledError.
 */
export async function readArticle(
  id: string,
  version: number,
  hosts: Hosts,
  network: Network,
  signal?: AbortSignal,
): Promise<Article | undefined> {
  const url = `${hosts.pmc}/metadata/${id}.${version}.json`;
  for (let attempt = 1; ; attempt++) {
    let problem: string;
    try {
      const answer = await request(url, {}, network, signal);
      if (answer.status === 200) return parsed(await bodyText(answer.body()), version);
      answer.discard();
      // The bucket answers 403 for objects that do not exist.
      if (!isPassing(answer.status)) return undefined;
      problem = `HTTP ${answer.status}`;
    } catch (error) {
      if (signal?.aborted) throw stopped(`asking for ${id}`, error);
      if (error instanceof UserFacingError) throw error;
      problem = (error as Error).message;
    }
    if (attempt >= network.attempts)
      throw new DownloadError(`${shown(url)}: given up after ${attempt} attempts: ${problem}.`);
    await pause(waitBefore(attempt, network), signal, `asking for ${id}`);
  }
}

async function bodyText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    if ((length += chunk.length) > LONGEST_METADATA) throw new Error("the metadata are too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Metadata that cannot be read say nothing, which is recorded as an unknown licence rather than guessed. */
function parsed(text: string, version: number): Article {
  const article: Article = { version, licence: "unknown", md5: new Map() };
  let stored: Record<string, unknown>;
  try {
    stored = Object(JSON.parse(text));
  } catch {
    return article;
  }
  const { license_code: licence, citation, doi, media_urls: media } = stored;
  if (typeof licence === "string" && licence.trim()) article.licence = licence.trim();
  if (typeof citation === "string") article.citation = citation;
  if (typeof doi === "string") article.doi = doi;
  for (const address of Array.isArray(media) ? media : []) {
    const [, name, md5] = /\/([^/?]+)\?(?:.*&)?md5=([0-9a-f]{32})\b/i.exec(String(address)) ?? [];
    if (name) article.md5.set(decoded(name), md5);
  }
  return article;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
