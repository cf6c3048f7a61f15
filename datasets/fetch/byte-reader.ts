/** Reads a stream of chunks in pieces of wanted lengths. */
export class ByteReader {
  private rest: Buffer = Buffer.alloc(0);
  private readonly chunks: AsyncIterator<Uint8Array>;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  /** Exactly `length` bytes; undefined where the stream ended before the first. Throws: Error where it ends within. */
  async take(length: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    let have = 0;
    for await (const piece of this.pieces(length)) {
      parts.push(piece);
      have += piece.length;
    }
    if (have === length) return Buffer.concat(parts);
    if (have === 0) return undefined;
    throw new Error("it ends in the middle");
  }

  /** The next `length` bytes as they come; fewer where the stream ends. */
  async *pieces(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0;) {
      if (this.rest.length === 0) {
        const { done, value } = await this.chunks.next();
        if (done) return;
        this.rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
        continue;
      }
      const piece = this.rest.subarray(0, left);
      this.rest = this.rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async close(): Promise<void> {
    await this.chunks.return?.();
  }
}
