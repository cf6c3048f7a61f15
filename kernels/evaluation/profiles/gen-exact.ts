import { sameAnswer } from "../normalise-answer.ts";
import type { Profile } from "./profile.ts";

/** Free greedy generation, natural stop; its partner for locality is the rule of `loc-gen-agree`. Source: profile of this project. */
export const genExact: Profile = {
  name: "gen-exact",
  summary: "free greedy generation: the whole answer, normalised, is the wanted one (for locality: the same as before)",
  groups: {
    target: "mm.gen.exact-norm",
    "text-locality": "mm.locality.gen-agree",
    "image-locality": "mm.locality.gen-agree",
  },
  mask: "free generation",
  score(probe, before, after) {
    const expected = "answer" in probe.expect ? probe.expect.answer : before.answer;
    return { before: Number(sameAnswer(before.answer, expected)), after: Number(sameAnswer(after.answer, expected)) };
  },
};
