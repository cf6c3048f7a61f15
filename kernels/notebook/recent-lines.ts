/** The last lines of a text stream: what a process said before it died. */
export class RecentLines {
  readonly #limit: number;
  #lines: string[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(text: string): void {
    const [first = "", ...rest] = text.split("\n");
    const last = this.#lines.pop() ?? "";
    this.#lines = [...this.#lines, last + first, ...rest].slice(-this.#limit);
  }

  text(): string {
    return this.#lines.join("\n").trim();
  }
}
