/** A list of numbers that takes eight bytes each, however long it grows. */
export class GrowingFloats {
  length = 0;
  #data = new Float64Array(64);

  push(value: number): void {
    if (this.length === this.#data.length) {
      const grown = new Float64Array(2 * this.length);
      grown.set(this.#data);
      this.#data = grown;
    }
    this.#data[this.length++] = value;
  }

  /** The numbers from `start` to `end`, as a list of its own. */
  slice(start: number, end: number): number[] {
    return Array.from(this.#data.subarray(start, Math.min(end, this.length)));
  }
}
