import type { Site } from "../onnx/sites.ts";
import { combineEdits, type CombinedEdits } from "./combine-edits.ts";
import type { Edit, Intervention } from "./edit.ts";
import type { Query } from "./model.ts";
import { checkScope } from "./scopes/check-scope.ts";
import { decide, type ScopeProbe } from "./scopes/decide.ts";
import type { Decision } from "./scopes/scope.ts";
import { SharedWork } from "./shared-work.ts";

/** What acts on one query. */
export interface Active {
  edits: CombinedEdits;
  /** The verdict of every edit with a scope, in the order of the edits; empty where every edit always acts. */
  decisions: readonly Decision[];
}

/** What a scope may ask about a query, until the signal is raised. */
export type ProbeOf = (query: Query, signal: AbortSignal) => ScopeProbe;

/** Verdicts kept, newest last: an evaluation asks a probe several times in a row. */
const KEEP = 64;
/** Combinations kept: of a few entries of a codebook. */
const KEEP_COMBINED = 4;

/** The edits in force in one view, and which of them act on a query. */
export class ActiveEdits {
  /** What acts on every query. */
  readonly always: CombinedEdits;
  readonly #edits: readonly Edit[];
  readonly #sites: readonly Site[];
  readonly #scoped: readonly Edit[];
  readonly #verdicts = new Map<string, SharedWork<Decision[]>>();
  readonly #combined = new Map<string, CombinedEdits>();

  /** Throws: EditMismatchError for an edit of another model, or whose scope does not fit this one, whether it would act or not. */
  constructor(edits: readonly Edit[], sites: readonly Site[]) {
    const gone = new Set(edits.flatMap(({ supersedes = [] }) => supersedes));
    this.#edits = edits.filter(({ id }) => !gone.has(id));
    this.#sites = sites;
    this.#scoped = this.#edits.filter(({ scope }) => scope.kind !== "always");
    for (const edit of this.#scoped) {
      checkScope(edit, sites);
      for (const step of edit.interventions) combineEdits([alone(edit, step)], sites);
    }
    this.always = combineEdits(
      this.#edits.filter(({ scope }) => scope.kind === "always"),
      sites,
    );
  }

  /** Whether any edit asks its scope. */
  get routed(): boolean {
    return this.#scoped.length > 0;
  }

  /**
   * What acts on a query. Verdicts are shared by all who ask for one at a time, and stopped when none of them waits any more.
   * Throws: CancelledError when the asker's signal is raised; what the scopes throw.
   */
  async on(query: Query, probe: ProbeOf, signal?: AbortSignal): Promise<Active> {
    if (!this.routed) return { edits: this.always, decisions: [] };
    const decisions = await this.#decide(query, probe).wait(signal);
    const key = decisions.map(({ fires, entry }) => (fires ? (entry ?? "all") : "-")).join();
    let edits = this.#combined.get(key);
    if (!edits) {
      edits = combineEdits(acting(this.#edits, decisions), this.#sites);
      keepLatest(this.#combined, key, edits, KEEP_COMBINED);
    }
    return { edits, decisions };
  }

  #decide(query: Query, probe: ProbeOf): SharedWork<Decision[]> {
    const key = `${query.image?.path ?? ""}\n${query.question}`;
    const known = this.#verdicts.get(key);
    if (known && !known.stopped) return known;
    const verdicts = new SharedWork(`deciding which edits act on "${query.question}"`, (signal) => {
      const asked = probe(query, signal);
      return Promise.all(this.#scoped.map((edit) => decide(edit, asked)));
    });
    verdicts.result.catch(() => this.#verdicts.get(key) === verdicts && this.#verdicts.delete(key));
    keepLatest(this.#verdicts, key, verdicts, KEEP);
    return verdicts;
  }
}

const alone = (edit: Edit, step: Intervention): Edit => ({ ...edit, interventions: [step] });

/** The edits that act, with those interventions that do. */
function acting(edits: readonly Edit[], decisions: readonly Decision[]): Edit[] {
  let next = 0;
  return edits.flatMap((edit) => {
    if (edit.scope.kind === "always") return [edit];
    const { fires, entry } = decisions[next++];
    if (!fires) return [];
    return [
      { ...edit, interventions: edit.interventions.filter((step) => step.entry === undefined || step.entry === entry) },
    ];
  });
}

function keepLatest<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value!);
}
