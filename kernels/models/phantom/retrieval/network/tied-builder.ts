import { GraphBuilder } from "../../../../onnx/build/index.ts";
import type { Float, Initialiser } from "../../../../onnx/build/index.ts";

/** A builder that gives a parameter of a known name again instead of refusing it, so that a network can be applied several times. */
export class TiedBuilder extends GraphBuilder {
  readonly #path: string[] = [];
  readonly #made = new Set<string>();

  override scope<T>(name: string, body: () => T): T {
    this.#path.push(name);
    try {
      return super.scope(name, body);
    } finally {
      this.#path.pop();
    }
  }

  override parameter(name: string, dims: readonly number[], initialise: Initialiser): Float {
    const full = [...this.#path, name].join(".");
    if (this.#made.has(full)) return this.sharedParameter(full);
    this.#made.add(full);
    return super.parameter(name, dims, initialise);
  }
}
