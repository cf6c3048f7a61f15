import type { ProbeResult, ProfileName } from "./result.ts";

/** How a probe's outcome becomes a number in [0, 1], before and after the edit. */
export interface Profile {
  /** One line for lists and hover. */
  summary: string;
  before(probe: ProbeResult): number;
  after(probe: ProbeResult): number;
}

/** Every scoring profile; a new name in `ProfileName` does not compile without its line here. */
export const profiles: Record<ProfileName, Profile> = {
  "tf-token": {
    summary:
      "teacher forcing: share of answer tokens that are right (for locality: unchanged); lenient, the answer's prefix is given",
    before: (probe) => probe.tf_before,
    after: (probe) => probe.tf_after,
  },
  "gen-exact": {
    summary:
      "free greedy generation: the whole answer, normalised, is the wanted one (for locality: the same as before)",
    before: (probe) => Number(probe.pass_before),
    after: (probe) => Number(probe.pass),
  },
};
