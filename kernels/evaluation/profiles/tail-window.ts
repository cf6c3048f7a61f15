import type { Probe } from "../../../datasets/case.ts";
import type { Observed } from "../../models/observe.ts";
import { vlkebLegacy } from "../scoring/vlkeb-legacy.ts";
import { labelled, plainAsk } from "./compare-sides.ts";
import { argmaxOf } from "./observed-by.ts";
import type { Ask } from "./profile.ts";

/** What VLKEB's accuracies are read from: every row of the bare question, a blank and the answer, whose ids alone are the labels. */
export const tailAsk = (probe: Probe): Ask => labelled(plainAsk(probe), probe, "bare");

/** Share of the answer's ids alone that the last rows have. Of an observation of all rows. Throws: LabelTooLongError. */
export const tailAccuracy = (seen: Observed): number => vlkebLegacy([argmaxOf(seen)], [seen.apart.bare]).acc;
