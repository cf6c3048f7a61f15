import type { KeyStatistics } from "../statistics-source.ts";

/** What provenance says of the statistics that an edit used. */
export interface NamedStatistics {
  /** In words, with its number of texts. */
  corpus: string;
  /** Number of keys that were averaged at each site. */
  tokens: number;
  /** Of model, site and corpus; one a site. */
  digests: string[];
}

/** Statistics of some sites in one line, for an edit's trace. */
export function statisticsName(gathered: readonly KeyStatistics[]): string {
  const [{ corpus, tokens }] = gathered;
  return `${corpus}; ${tokens} tokens; ${gathered.map(({ digest }) => digest).join(" ")}`;
}

/** The inverse: what `statisticsName` was given; "identity" where there were none; undefined for any other text. */
export function readStatisticsName(name: unknown): NamedStatistics | "identity" | undefined {
  if (name === "identity") return name;
  const found = typeof name === "string" && /^(.*); (\d+) tokens; ([0-9a-f]+(?: [0-9a-f]+)*)$/s.exec(name);
  return found ? { corpus: found[1], tokens: Number(found[2]), digests: found[3].split(" ") } : undefined;
}
