const METRICS: Record<string, string> = {
  "text-image-locality": "Text-and-image locality",
};

const PROFILES: Record<string, string> = {
  "gen-exact": "exact match of the freely generated answer",
  "tf-token": "share of answer tokens, teacher-forced",
};

/** A metric or probe kind as a reader would write it: "text-generality" becomes "Text generality", "robustness/typo" "Robustness (typo)". */
export function metricWords(metric: string): string {
  const [whole, part] = metric.split(/\/(.*)/s);
  const words = whole.replaceAll("-", " ");
  const said = METRICS[whole] ?? words.charAt(0).toUpperCase() + words.slice(1);
  return part === undefined ? said : `${said} (${part})`;
}

/** A scoring profile with what it measures: "gen-exact: exact match of the freely generated answer". */
export function profileWords(profile: string): string {
  return PROFILES[profile] ? `${profile}: ${PROFILES[profile]}` : profile;
}

/** A probe's kind with its kind within the kind: "Image locality (same question)". */
export function probeWords(probe: { kind: string; name?: string }): string {
  return probe.name ? `${metricWords(probe.kind)} (${probe.name.replaceAll("-", " ")})` : metricWords(probe.kind);
}
