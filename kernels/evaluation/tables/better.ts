/** Which way a number of this comparable group is better; undefined where neither is (counts of what a router did). */
export function better(comparableGroup: string): "higher" | "lower" | undefined {
  if (comparableGroup.startsWith("router.")) return undefined;
  // What follows "@" says how many edits were in force.
  return /(kl|confusion|\.invalid)(@|$)/.test(comparableGroup) ? "lower" : "higher";
}
