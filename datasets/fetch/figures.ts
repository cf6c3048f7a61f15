import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { shownPath } from "../shown-path.ts";
import { decodeRgb } from "../image.ts";
import { download } from "./download.ts";
import { DigestMismatchError, DownloadError, FetchTargetError } from "./errors.ts";
import { Failures } from "./failures.ts";
import type { FetchRecord } from "./fetch-record.ts";
import { type Figure, readFigureManifest } from "./figure-manifest.ts";
import type { Hosts } from "./hosts.ts";
import { LicenceFile } from "./licence-file.ts";
import { type Network, pause } from "./network.ts";
import { type Article, figureAddress, readArticle, VERSIONS } from "./pmc-article.ts";
import { pathBelow } from "./safe-path.ts";
import type { FigureSource } from "./source.ts";
import { verifyFile } from "./verify.ts";

const LARGEST_FIGURE = 64 * 2 ** 20;

export interface FiguresOptions extends FigureSource {
  root: string;
  hosts: Hosts;
  network: Network;
  record: FetchRecord;
  signal?: AbortSignal;
  onProgress?(done: number, total: number): void;
}

/**
 * Fetches the figures that are missing, one after another at the network's pace, and writes each image's licence beside them.
 *
 * Throws: IncompleteFetchError where figures could not be fetched, naming the first; CancelledError; FetchTargetError. What was fetched
 * stays, and is not fetched again.
 */
export async function fetchFigures(options: FiguresOptions): Promise<void> {
  const { root, to, record, network, signal } = options;
  const figures = await readFigureManifest(join(root, options.manifest));
  const fetcher = new FigureFetcher(
    options,
    await LicenceFile.open(await pathBelow(root, `${to}/${LicenceFile.FILE}`)),
  );
  const failures = new Failures("mediconfusion", figures.length);
  let started = 0;
  for (const [done, figure] of figures.entries()) {
    options.onProgress?.(done, figures.length);
    if (record.files.has(`${to}/${figure.file}`) && fetcher.licences.has(figure.file)) continue;
    if (started++ > 0) await pause(network.paceMs, signal, "fetching figures");
    await failures.attempt(`${figure.file} (${figure.article})`, () => fetcher.fetch(figure));
  }
  options.onProgress?.(figures.length, figures.length);
  failures.close(
    `An image that stays missing can be copied from ROCO, whose path for it stands in ${options.manifest}, to ${to}/.`,
  );
}

class FigureFetcher {
  private readonly articles = new Map<string, Promise<Article | undefined>>();

  constructor(
    private readonly options: FiguresOptions,
    readonly licences: LicenceFile,
  ) {}

  async fetch(figure: Figure): Promise<void> {
    const { root, to, record } = this.options;
    const path = `${to}/${figure.file}`;
    const final = await pathBelow(root, path);
    const found = await lstat(final).catch(() => undefined);
    if (!found) return this.fetchNew(figure, path, final);
    // Put there by the user, or by a call that was ended before it could write it down.
    if (!found.isFile()) throw new FetchTargetError(`${shownPath(final)} is no file. Move it away.`);
    await checkImage(figure, final);
    await this.licences.add(figure.file, this.licence(figure, await this.firstVersion(figure)));
    await record.add(path, {
      ...(await verifyFile(final)),
      from: record.files.get(path)?.from ?? "found in the folder",
    });
  }

  private async fetchNew(figure: Figure, path: string, to: string): Promise<void> {
    const { hosts, network, record, signal } = this.options;
    let last: unknown;
    for (const version of VERSIONS) {
      const article = (await this.article(figure.article, version)) ?? unknownArticle(version);
      const url = figureAddress(hosts, figure.article, version, figure.name);
      const expected = { md5: article.md5.get(figure.name) };
      const check = (part: string) => checkImage(figure, part);
      try {
        const measured = await download({ url, to, expected, atMost: LARGEST_FIGURE, check }, network, signal);
        // The licence first: no image stands in the folder's record without one.
        await this.licences.add(figure.file, this.licence(figure, article));
        return await record.add(path, { ...measured, from: url });
      } catch (error) {
        // The bucket answers 403 for objects that do not exist.
        const absent = error instanceof DownloadError && [403, 404].includes(error.status ?? 0);
        if (!absent && !(error instanceof DigestMismatchError)) throw error;
        last ??= error;
      }
    }
    throw last;
  }

  private async firstVersion(figure: Figure): Promise<Article> {
    for (const version of VERSIONS) {
      const article = await this.article(figure.article, version);
      if (article) return article;
    }
    return unknownArticle(VERSIONS[0]);
  }

  /** Several figures may be of one article; each version is asked for once. */
  private article(id: string, version: number): Promise<Article | undefined> {
    const { hosts, network, signal } = this.options;
    const key = `${id}.${version}`;
    const known = this.articles.get(key) ?? readArticle(id, version, hosts, network, signal);
    this.articles.set(key, known);
    return known;
  }

  private licence({ article, name }: Figure, { version, licence, citation, doi }: Article) {
    const from = figureAddress(this.options.hosts, article, version, name);
    return { article, version, figure: name, licence, ...(citation && { citation }), ...(doi && { doi }), from };
  }
}

const unknownArticle = (version: number): Article => ({ version, licence: "unknown", md5: new Map() });

/** An error page or half an image is none. */
const checkImage = async (figure: Figure, path: string) => void (await decodeRgb({ id: figure.file, path }));
