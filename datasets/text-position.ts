const NEWLINE = 0x0a;
const BOM = [0xef, 0xbb, 0xbf];

/**
 * Line and column of byte offsets in a UTF-8 text that arrives in pieces, in constant memory. Offsets count from the first byte after a
 * byte order mark and are asked for in rising order, none before the piece that is being looked at except where no line ended since.
 */
export class TextPosition {
  /** Bytes taken so far, without the mark. */
  offset = 0;
  /** Bytes before the present piece. */
  private base = 0;
  private piece: Uint8Array = new Uint8Array();
  /** The next byte of the piece to look at. */
  private cursor = 0;
  private line = 1;
  /** Characters of the current line before the present piece, and where in the piece the line begins. */
  private before = 0;
  private begins = 0;
  private marks = 0;

  /** Takes the next piece; returns it without the byte order mark. `finish` follows when it was looked at. */
  take(chunk: Uint8Array): Uint8Array {
    let from = 0;
    while (this.marks < BOM.length && this.offset === 0 && from < chunk.length && chunk[from] === BOM[this.marks]) {
      this.marks++;
      from++;
    }
    this.piece = chunk.subarray(from);
    this.base = this.offset;
    this.offset += this.piece.length;
    this.cursor = this.begins = 0;
    return this.piece;
  }

  finish(): void {
    this.lineAt(this.offset);
    this.before += characters(this.piece.subarray(this.begins));
    this.begins = this.piece.length;
  }

  /** The line of an offset, from 1. */
  lineAt(offset: number): number {
    const until = Math.min(offset - this.base, this.piece.length);
    for (;;) {
      const next = this.piece.indexOf(NEWLINE, this.cursor);
      if (next < 0 || next >= until) break;
      this.cursor = next + 1;
      this.line++;
      this.before = 0;
      this.begins = this.cursor;
    }
    this.cursor = Math.max(this.cursor, until, 0);
    return this.line;
  }

  /** "line 3, column 7" of an offset; of the end of what was taken where none is given. */
  describe(offset = this.offset): string {
    const line = this.lineAt(offset);
    const until = Math.max(offset - this.base, this.begins);
    return `line ${line}, column ${this.before + characters(this.piece.subarray(this.begins, until)) + 1}`;
  }
}

/** Characters that begin in a piece of UTF-8. */
function characters(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if ((byte & 0xc0) !== 0x80) count++;
  return count;
}
