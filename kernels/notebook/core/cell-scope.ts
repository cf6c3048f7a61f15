import { basename } from "node:path";
import type { DeclarationKind } from "./declarations.ts";

interface Owner {
  file: string;
  kind: DeclarationKind;
}

/** Which executed cell declares each name that is in force, as a value and as a type. */
export class CellScope {
  readonly #values = new Map<string, Owner>();
  readonly #types = new Map<string, Owner>();

  /** Records the declarations of a cell; they replace earlier ones of the same name. */
  declare(file: string, declarations: ReadonlyMap<string, DeclarationKind>): void {
    for (const [name, kind] of declarations) {
      const owner = { file, kind };
      if (kind !== "type") {
        this.#values.set(name, owner);
        // A class that is redeclared as a variable loses its type too.
        if (kind === "alias" || this.#types.get(name)?.kind === "alias") this.#types.delete(name);
      }
      if (kind === "alias" || kind === "type") this.#types.set(name, owner);
    }
  }

  /** All names in force. */
  names(): Set<string> {
    return new Set([...this.#values.keys(), ...this.#types.keys()]);
  }

  /** The cells that own at least one name in force. */
  files(): Set<string> {
    return new Set([...this.#values.values(), ...this.#types.values()].map((owner) => owner.file));
  }

  /** The cells that own the given names. */
  owners(names: Iterable<string>): Set<string> {
    const files = [...names].flatMap((name) => [this.#values.get(name)?.file, this.#types.get(name)?.file]);
    return new Set(files.filter((file) => file !== undefined));
  }

  /** Statements that bring earlier names into a cell. They follow its code, so that positions in the code do not move. */
  declarationsOf(names: Iterable<string>, without: ReadonlyMap<string, DeclarationKind>): string {
    return [...names].map((name) => this.#declarationOf(name, without.get(name))).join("");
  }

  #declarationOf(name: string, redeclared: DeclarationKind | undefined): string {
    let value = this.#values.get(name);
    let type = this.#types.get(name);
    if (redeclared === "alias") return "";
    if (redeclared === "type") type = undefined;
    else if (redeclared !== undefined) {
      value = undefined;
      if (type?.kind === "alias") type = undefined;
    }
    const from = (owner: Owner) => JSON.stringify(`./${basename(owner.file)}`);
    const imported = (owner: Owner) => `import { ${name} } from ${from(owner)};\n`;
    if (
      value !== undefined &&
      value.kind === "alias" &&
      (type === value || type === undefined) &&
      redeclared === undefined
    )
      return imported(value);
    const keyword = value?.kind === "let" ? "let" : "const";
    return (
      (value ? `declare ${keyword} ${name}: typeof import(${from(value)}).${name};\n` : "") +
      (type ? imported(type) : "")
    );
  }
}
