import { actsFor } from "../../models/scopes/scope.ts";
import { type Profile, sideOf } from "./profile.ts";

/**
 * Of routed editors: whether the router did right. A probe that wants an answer must be routed to an entry of its own case, one that must stay
 * unchanged must not be routed. Editors without a router have no number.
 *
 * Source: profile of this project; the router statistics of MSCKE and RECIPE, probe by probe.
 */
export const routerFired: Profile = {
  name: "router-fired",
  summary: "routed editors: the router fired with the right entry where it shall, and not where it shall not",
  groups: { target: "router.trace", "text-locality": "router.trace", "image-locality": "router.trace" },
  mask: "routing",
  score(probe, _, { routed }, context) {
    if (!routed) return undefined;
    const wanted = sideOf(probe) === "target";
    return {
      before: Number(!wanted),
      after: Number(wanted ? actsFor(routed, context.case) : !routed.fires),
    };
  },
};
