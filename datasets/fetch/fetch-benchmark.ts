import { lstat, rm } from "node:fs/promises";
import { shownPath } from "../shown-path.ts";
import { download } from "./download.ts";
import { DigestMismatchError, DownloadError, FetchTargetError, UnreachableError } from "./errors.ts";
import { Failures } from "./failures.ts";
import { FetchRecord } from "./fetch-record.ts";
import { fetchFigures } from "./figures.ts";
import { withFolderLock } from "./folder-lock.ts";
import { gitAddress, type Hosts } from "./hosts.ts";
import { HubListings } from "./hub.ts";
import { localState, type LocalState } from "./local-state.ts";
import { DEFAULT_NETWORK, type Network } from "./network.ts";
import { pathBelow, realFolder } from "./safe-path.ts";
import type { BenchmarkSource, Place, SourceFile } from "./source.ts";
import { unpack } from "./unpack.ts";
import { type Expected, fits, verifyFile } from "./verify.ts";

export interface FetchOptions {
  name: string;
  source: BenchmarkSource;
  /** Folder that the files go to. */
  folder: string;
  hosts: Hosts;
  network?: Network;
  /** Leave the images out. */
  annotationsOnly?: boolean;
  signal?: AbortSignal;
  onProgress?(label: string, done: number, total: number): void;
  /** Things the user should know that are no failure. */
  onNote?(text: string): void;
}

/** What is in the folder already; nothing is written and no network is used. Throws: FetchTargetError; CancelledError. */
export async function lookForBenchmark(options: FetchOptions): Promise<LocalState> {
  const record = await FetchRecord.open(options.folder, options.name, options.source.licence);
  return stateOf(options, options.folder, record);
}

/**
 * Fetches what is missing of a benchmark into a folder, verifies it and puts it in place. Nothing that is there is fetched again or
 * replaced. Returns the folder's state afterwards.
 *
 * Throws: FetchTargetError where the folder holds something else; IncompleteFetchError; UnreachableError; UnsafeArchiveError; CancelledError.
 */
export async function fetchBenchmark(options: FetchOptions): Promise<LocalState> {
  const { name, source, signal, network = DEFAULT_NETWORK } = options;
  const root = await realFolder(options.folder);
  return withFolderLock(root, async () => {
    const record = await FetchRecord.open(root, name, source.licence);
    const state = await stateOf(options, root, record);
    if (state.wrong.length) throw wrongFiles(name, root, state.wrong);
    await record.save();
    const hub = new HubListings(options.hosts, network, signal);
    const failures = new Failures(name, state.missing.length);
    for (const [done, file] of state.missing.entries()) {
      options.onProgress?.("files", done, state.missing.length);
      await failures.attempt(file.to, () => fetchFile(file, { ...options, root, record, hub, network }));
    }
    failures.close();
    if (source.figures && !options.annotationsOnly)
      await fetchFigures({
        ...source.figures,
        root,
        record,
        network,
        hosts: options.hosts,
        signal,
        onProgress: (done, total) => options.onProgress?.("images", done, total),
      });
    return stateOf(options, root, record);
  });
}

const stateOf = (options: FetchOptions, root: string, record: FetchRecord) =>
  localState({
    root,
    record,
    source: options.source,
    annotationsOnly: options.annotationsOnly,
    signal: options.signal,
    onProgress: (done) => options.onProgress?.("checking files", done, record.files.size),
  });

/** The refusal to go on over files that are not what they should be. */
export function wrongFiles(name: string, root: string, wrong: LocalState["wrong"]): FetchTargetError {
  const some = wrong.slice(0, 3).map(({ path, problem }) => `${path} (${problem})`);
  const more = wrong.length > some.length ? ` and ${wrong.length - some.length} more` : "";
  return new FetchTargetError(
    `${name}: in ${shownPath(root)}, ${some.join(", ")}${more} ${wrong.length > 1 ? "are" : "is"} not as published. ` +
      `medke replaces no file: move what is wrong away and run the same command again, or name another folder with --out.`,
  );
}

interface FileTask extends FetchOptions {
  root: string;
  record: FetchRecord;
  hub: HubListings;
  network: Network;
}

/** Fetches one file from the first place that has it, and unpacks it where it is an archive. */
async function fetchFile(file: SourceFile, task: FileTask): Promise<void> {
  const { record, root, signal, onProgress } = task;
  const path = await pathBelow(root, file.to);
  const fetched = await fromPlaces(file, path, task);
  if (!file.unpack) return record.add(file.to, fetched);
  const unpacked = await unpack(path, root, file.unpack, {
    signal,
    onProgress: (files) => onProgress?.(`unpacking ${file.to}`, files, file.unpack!.atMostEntries),
  });
  for (const [name, measured] of unpacked)
    record.files.set(name, { ...measured, from: fetched.from, archive: file.to });
  record.archives.set(file.to, fetched);
  await record.save();
  await rm(path);
}

async function fromPlaces(file: SourceFile, to: string, task: FileTask) {
  const problems: Error[] = [];
  for (const place of file.from)
    try {
      return await fromPlace(file, to, place, task);
    } catch (error) {
      const passing = [DownloadError, DigestMismatchError, UnreachableError].some((kind) => error instanceof kind);
      if (file.from.length === 1 || !passing) throw error;
      problems.push(error as Error);
    }
  if (!problems.some((problem) => !(problem instanceof UnreachableError))) throw problems[0];
  throw new DownloadError(`no place delivers it: ${problems.map(({ message }) => message).join(" ")}`);
}

async function fromPlace(file: SourceFile, to: string, place: Place, task: FileTask) {
  const { url, expected, headers } = await locate(file, place, task);
  const measured =
    (await adopted(to, expected)) ??
    (await download(
      {
        url,
        to,
        expected,
        headers,
        atMost: expected.bytes ?? LARGEST_UNSTATED,
        onProgress: (received, total) =>
          task.onProgress?.(`${file.to} (bytes)`, received, total ?? Math.max(received, file.aboutBytes ?? 0)),
      },
      task.network,
      task.signal,
    ));
  if (file.sha256 && !fits(measured.sha256, file.sha256))
    task.onNote?.(
      `${file.to}: complete, but not the version whose counts medke knows; medke validate says what differs.`,
    );
  return { ...measured, from: url };
}

/** Where nobody states a size. */
const LARGEST_UNSTATED = 2 ** 30;

interface Located {
  url: string;
  expected: Expected;
  headers: Record<string, string>;
}

async function locate(file: SourceFile, place: Place, { hosts, hub }: FileTask): Promise<Located> {
  if (place.kind === "git") {
    const expected: Expected = { bytes: file.bytes, sha256: file.sha256 };
    return { url: gitAddress(place, hosts), expected, headers: {} };
  }
  const { url, expected } = await hub.find(place);
  return { url, expected, headers: { ...(hosts.hubToken && { authorization: `Bearer ${hosts.hubToken}` }) } };
}

/** A file that stands there already, from the user or from a call that was ended at the wrong moment, if it is the right one. */
async function adopted(path: string, expected: Expected) {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return undefined;
  const { mismatch, ...measured } = found.isFile()
    ? await verifyFile(path, expected)
    : { mismatch: "it is no file", bytes: 0, sha256: "" };
  if (mismatch === undefined) return measured;
  throw new FetchTargetError(
    `${shownPath(path)} exists already and is not as published (${mismatch}). Move it away, or name another folder with --out.`,
  );
}
