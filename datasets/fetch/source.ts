/** A file in a public Git repository, at a commit: its contents can never change. */
export interface GitPlace {
  kind: "git";
  /** "owner/name". */
  repository: string;
  /** All 40 digits. */
  commit: string;
  path: string;
}

/** A file of a dataset on the hub. Its listing states a digest of every file, which is asked for first. */
export interface HubPlace {
  kind: "hub";
  dataset: string;
  /** A commit, or a branch, which is resolved to its commit when the fetch begins. */
  revision: string;
  /** Path in the dataset; a name without a folder is found wherever it lies, if there is only one. */
  path: string;
}

export type Place = GitPlace | HubPlace;

/** What an archive becomes. */
export interface Unpacking {
  format: "zip" | "tar.gz";
  /** The folder that its contents go to, whether or not the archive names it. */
  into: string;
  /** No archive of this benchmark unpacks to more. */
  atMostBytes: number;
  atMostEntries: number;
}

export interface SourceFile {
  /** Path in the user's folder. */
  to: string;
  /** Where it lies, the best place first. */
  from: readonly Place[];
  /** Exact. */
  bytes?: number;
  /** Roughly, where the exact size is not known. */
  aboutBytes?: number;
  /** Of the published file, whole or its first 16 digits. A Git place must deliver just this; the hub may have a newer version, which is said. */
  sha256?: string;
  /** Images, or an archive of images: left out on request. */
  images?: true;
  unpack?: Unpacking;
}

/** Figures of articles in PubMed Central, each fetched from its article and under the article's own licence. */
export interface FigureSource {
  /** The file, among `files`, that maps every image to its article and file name. */
  manifest: string;
  count: number;
  /** Folder of the images, which also gets `licences.json`. */
  to: string;
}

/** Something that only the user can fetch. */
export interface ByHand {
  what: string;
  /** Address of the page to open. */
  from: string;
  /** What to do there. */
  how: string;
  /** Paths in the user's folder; each is looked for. */
  put: readonly { to: string; sha256?: string }[];
}

/** Where a benchmark's files come from, and under which terms. */
export interface BenchmarkSource {
  title: string;
  licence: string;
  /** What the user must know before saying yes: terms that go beyond the licence. */
  terms: string;
  files: readonly SourceFile[];
  figures?: FigureSource;
  byHand: readonly ByHand[];
}
