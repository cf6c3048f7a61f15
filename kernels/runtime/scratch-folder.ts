import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A private folder for files that live as long as a runtime. Made on first use; removed by `dispose`, or when the process exits. */
export class ScratchFolder {
  #path: string | undefined;
  readonly #remove = () => {
    if (this.#path) rmSync(this.#path, { recursive: true, force: true });
    this.#path = undefined;
  };

  /** Absolute, without links in it: ONNX Runtime compares real places. */
  get path(): string {
    if (!this.#path) {
      this.#path = realpathSync(mkdtempSync(join(tmpdir(), "medke-weights-")));
      process.once("exit", this.#remove);
    }
    return this.#path;
  }

  dispose(): void {
    process.off("exit", this.#remove);
    this.#remove();
  }
}
