/** A file of an archive. Its contents must be read to their end before the next file is asked for. */
export interface ArchiveFile {
  /** As the archive spells it. */
  rawName: string;
  /** Below the target folder. */
  path: string;
  contents: AsyncIterable<Uint8Array>;
}
