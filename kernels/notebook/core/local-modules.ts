import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, relative } from "node:path";
import { isLocal, isTypeScript, resolveLocal } from "./local-files.ts";
import { ModuleCopies } from "./module-copies.ts";
import type { Namespace } from "./package-import.ts";
import { registerScript } from "./script-positions.ts";
import { placeholder, transpileLocalModule, type TranspiledModule } from "./transpile-module.ts";

interface LocalModule {
  path: string;
  label: string;
  text: string;
  code: TranspiledModule;
  /** Local TypeScript files that it imports. */
  needs: string[];
  url: string;
  /** `loading` during the run that first imported it; a module whose run ended before it was loaded is loaded again. */
  state: "loading" | "loaded" | "failed";
  run: number;
}

/**
 * Local TypeScript modules and what they import in turn. Files that changed since their last import, and those that depend on them,
 * are transpiled and loaded anew; the others keep their identity and state.
 */
export class LocalModules {
  readonly #folder: string;
  readonly #importOther: (specifier: string, fromFolder: string) => Promise<Namespace>;
  readonly #currentRun: () => number;
  readonly #copies = new ModuleCopies();
  readonly #modules = new Map<string, LocalModule>();
  readonly #shims = new Map<string, string>();

  constructor(
    folder: string,
    importOther: (specifier: string, fromFolder: string) => Promise<Namespace>,
    currentRun: () => number,
  ) {
    this.#folder = folder;
    this.#importOther = importOther;
    this.#currentRun = currentRun;
  }

  async import(path: string): Promise<Namespace> {
    const graph = this.#read(path, new Map());
    const stale = this.#stale(graph);
    for (const module of stale) {
      module.url = this.#copies.nextUrl(module.label);
      module.state = "loading";
      module.run = this.#currentRun();
      this.#modules.set(module.path, module);
    }
    try {
      for (const module of stale) await this.#write(module);
      const namespace = (await import(graph.get(path)!.url)) as Namespace;
      for (const module of graph.values()) module.state = "loaded";
      return namespace;
    } catch (error) {
      for (const module of stale) module.state = "failed";
      throw error;
    }
  }

  /** The module and all that it imports, as the files are now. Unchanged files are the same objects as before. */
  #read(path: string, graph: Map<string, LocalModule>): Map<string, LocalModule> {
    if (graph.has(path)) return graph;
    const text = readFileSync(path, "utf8");
    let module = this.#modules.get(path);
    if (module?.text !== text) {
      const label = relative(this.#folder, path);
      const code = transpileLocalModule(path, label, text);
      const local = code.specifiers.filter(isLocal).map((specifier) => resolveLocal(specifier, dirname(path)));
      module = { path, label, text, code, needs: local.filter(isTypeScript), url: "", state: "failed", run: 0 };
    }
    graph.set(path, module);
    for (const needed of module.needs) this.#read(needed, graph);
    return graph;
  }

  #stale(graph: Map<string, LocalModule>): Set<LocalModule> {
    const usable = ({ state, run }: LocalModule) =>
      state === "loaded" || (state === "loading" && run === this.#currentRun());
    const stale = new Set([...graph.values()].filter((module) => !usable(module)));
    for (let size = -1; size !== stale.size;) {
      size = stale.size;
      for (const module of graph.values())
        if (module.needs.some((path) => stale.has(graph.get(path)!))) stale.add(module);
    }
    return stale;
  }

  async #write(module: LocalModule): Promise<void> {
    let { js } = module.code;
    for (const [index, specifier] of module.code.specifiers.entries())
      js = js.replace(
        JSON.stringify(placeholder(index)),
        JSON.stringify(await this.#urlOf(specifier, dirname(module.path))),
      );
    this.#copies.write(module.url, js);
    registerScript("module", module.url, module.label, module.code.map);
  }

  async #urlOf(specifier: string, folder: string): Promise<string> {
    if (isBuiltin(specifier)) return specifier;
    if (!isLocal(specifier)) return this.#shim(specifier, folder, `${folder} ${specifier}`);
    const path = resolveLocal(specifier, folder);
    return isTypeScript(path) ? this.#modules.get(path)!.url : this.#shim(path, folder, undefined);
  }

  /** A copy lies where packages cannot be resolved from; it gets them through a module that hands on the loaded namespace. */
  async #shim(specifier: string, folder: string, key: string | undefined): Promise<string> {
    const known = key === undefined ? undefined : this.#shims.get(key);
    if (known) return known;
    const namespace = await this.#importOther(specifier, folder);
    const url = this.#copies.nextUrl("package");
    const shared = globalThis as { __medke_namespaces?: Map<string, Namespace> };
    (shared.__medke_namespaces ??= new Map()).set(url, namespace);
    const exported = Object.keys(namespace).map(
      (name, i) => `const e${i} = m[${JSON.stringify(name)}]; export { e${i} as ${JSON.stringify(name)} };`,
    );
    this.#copies.write(url, [`const m = globalThis.__medke_namespaces.get(import.meta.url);`, ...exported].join("\n"));
    if (key !== undefined) this.#shims.set(key, url);
    return url;
  }
}
