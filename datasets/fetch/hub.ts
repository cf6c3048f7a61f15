import { UserFacingError } from "../../kernels/errors.ts";
import { DownloadError } from "./errors.ts";
import { encodedPath, type Hosts } from "./hosts.ts";
import { isPassing, type Network, pause, stopped, waitBefore } from "./network.ts";
import { request } from "./request.ts";
import type { HubPlace } from "./source.ts";
import type { Expected } from "./verify.ts";

const COMMIT = /^[0-9a-f]{40}$/;

/** One file as the hub describes it. */
export interface HubFile {
  url: string;
  revision: string;
  /** Size and digest that the hub states: SHA-256 of large files, the git object name of the others. */
  expected: Expected & { bytes: number };
}

/** Asks the hub where files are. Every dataset is listed once. */
export class HubListings {
  private readonly listings = new Map<string, Promise<{ revision: string; files: Map<string, HubFile> }>>();

  constructor(
    private readonly hosts: Hosts,
    private readonly network: Network,
    private readonly signal?: AbortSignal,
  ) {}

  /** Throws: DownloadError when the hub does not answer, refuses, or has no such file; CancelledError. */
  async find({ dataset, revision, path }: HubPlace): Promise<HubFile> {
    const key = `${dataset}@${revision}`;
    if (!this.listings.has(key)) this.listings.set(key, this.list(dataset, revision));
    const { files } = await this.listings.get(key)!;
    const exact = files.get(path);
    if (exact) return exact;
    const named = path.includes("/") ? [] : [...files.keys()].filter((name) => name.endsWith(`/${path}`));
    if (named.length === 1) return files.get(named[0])!;
    throw new DownloadError(
      `hub dataset ${dataset}: ${named.length ? `${named.length} files are` : "no file is"} named "${path}" at revision ${revision}.`,
    );
  }

  private async list(dataset: string, revision: string) {
    const { datasetInfo, listFiles } = await import("@huggingface/hub");
    const { hub: hubUrl, hubToken: accessToken } = this.hosts;
    const common = { hubUrl, fetch: this.fetch, ...(accessToken && { accessToken }) };
    return this.retried(dataset, async () => {
      const commit = COMMIT.test(revision)
        ? revision
        : (await datasetInfo({ ...common, name: dataset, revision, additionalFields: ["sha"] })).sha;
      if (!COMMIT.test(commit)) throw new DownloadError(`hub dataset ${dataset}: revision ${revision} has no commit.`);
      const files = new Map<string, HubFile>();
      const repo = { type: "dataset", name: dataset } as const;
      for await (const { type, path, size, oid, lfs } of listFiles({
        ...common,
        repo,
        revision: commit,
        recursive: true,
      }))
        if (type === "file")
          files.set(path, {
            url: `${hubUrl}/datasets/${dataset}/resolve/${commit}/${encodedPath(path)}`,
            revision: commit,
            expected: lfs ? { bytes: lfs.size, sha256: lfs.oid } : { bytes: size, gitOid: oid },
          });
      return { revision: commit, files };
    });
  }

  private async retried<T>(dataset: string, ask: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask();
      } catch (error) {
        if (this.signal?.aborted) throw stopped(`asking for dataset ${dataset}`, error);
        if (error instanceof UserFacingError) throw error;
        const status = (error as { statusCode?: number }).statusCode;
        if ((status !== undefined && !isPassing(status)) || attempt >= this.network.attempts)
          throw new DownloadError(`hub dataset ${dataset}: ${reasonOf(error, status)}.`, status, { cause: error });
        await pause(waitBefore(attempt, this.network), this.signal, `asking for dataset ${dataset}`);
      }
    }
  }

  /** Requests of the hub client take the same care as downloads: https only, no endless silence. */
  private readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const headers = Object.fromEntries(new Headers(init?.headers));
    const answer = await request(String(input), headers, this.network, this.signal);
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of answer.body()) {
      chunks.push(chunk);
      if ((length += chunk.length) > LONGEST_LISTING)
        throw new DownloadError(`${this.hosts.hub}: a listing of more than ${LONGEST_LISTING} bytes is not read.`);
    }
    return new Response([204, 304].includes(answer.status) ? null : Buffer.concat(chunks), {
      status: answer.status,
      headers: answer.headers,
    });
  };
}

const LONGEST_LISTING = 64 * 2 ** 20;

function reasonOf(error: unknown, status: number | undefined): string {
  if (status === 401 || status === 403)
    return `access refused (HTTP ${status}). If its page asks you to accept terms, do so there, and set HF_TOKEN to an access token of yours`;
  if (status === 404) return "not found (HTTP 404); it may have moved or be private";
  return error instanceof Error ? error.message.split("\n")[0].replace(/\.$/, "") : String(error);
}
