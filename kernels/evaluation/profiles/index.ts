// To add a profile: write profiles/<name>.ts, add its name to ProfileName in ../result.ts (the compiler then asks for the line below), its test
// under test/kernels/evaluation/profiles/, and its row in the README's feature table.
import { requireKnown } from "../../nearest-name.ts";
import type { ProfileName } from "../result.ts";
import { answerArgmax, answerArgmaxCorrected } from "./answer-argmax.ts";
import { easyEditGeneration } from "./easyedit-generation.ts";
import { easyEditHead, easyEditHeadExact } from "./easyedit-head.ts";
import { easyEditPlain, easyEditPlainExact } from "./easyedit-plain.ts";
import { easyEditText } from "./easyedit-text.ts";
import { fgvedit, fgveditExact } from "./fgvedit.ts";
import { genExact } from "./gen-exact.ts";
import { genSemantic } from "./gen-semantic.ts";
import { ikeVlkeb, ikeVlkebCorrected } from "./ike-vlkeb.ts";
import {
  locAllposTop1,
  locAllposTop10Ordered,
  locAnswerArgmax,
  locGenAgree,
  locKl,
  locOverlap10,
} from "./locality-rules.ts";
import { logprobMargin } from "./logprob-margin.ts";
import { medlasa } from "./medlasa.ts";
import { medrek } from "./medrek.ts";
import type { Profile } from "./profile.ts";
import { routerFired } from "./router-fired.ts";
import { tfToken } from "./tf-token.ts";
import { vlkebKe, vlkebKeOwl2 } from "./vlkeb-ke.ts";
import { vlkebLegacy, vlkebLegacyCorrected } from "./vlkeb-legacy.ts";

/** Every scoring profile, in the order in which they are shown. */
export const profiles: Record<ProfileName, Profile> = {
  "tf-token": tfToken,
  "gen-exact": genExact,
  "gen-semantic": genSemantic,
  "logprob-margin": logprobMargin,
  "vlkeb-legacy": vlkebLegacy,
  "vlkeb-legacy-corrected": vlkebLegacyCorrected,
  "vlkeb-ke": vlkebKe,
  "vlkeb-ke-owl2": vlkebKeOwl2,
  "ike-vlkeb": ikeVlkeb,
  "ike-vlkeb-corrected": ikeVlkebCorrected,
  "easyedit-head": easyEditHead,
  "easyedit-head-exact": easyEditHeadExact,
  "easyedit-plain": easyEditPlain,
  "easyedit-plain-exact": easyEditPlainExact,
  "answer-argmax": answerArgmax,
  "answer-argmax-corrected": answerArgmaxCorrected,
  fgvedit,
  "fgvedit-exact": fgveditExact,
  medrek,
  medlasa,
  "easyedit-text": easyEditText,
  "easyedit-generation": easyEditGeneration,
  "loc-answer-argmax": locAnswerArgmax,
  "loc-allpos-top1": locAllposTop1,
  "loc-allpos-top10-ordered": locAllposTop10Ordered,
  "loc-overlap10": locOverlap10,
  "loc-kl": locKl,
  "loc-gen-agree": locGenAgree,
  "router-fired": routerFired,
};

export const PROFILE_NAMES = Object.keys(profiles) as ProfileName[];

/** What is scored unless something else is asked for. They are always scored: the views of an edit need them. */
export const DEFAULT_PROFILES: readonly ProfileName[] = ["tf-token", "gen-exact"];

/** Throws: UnknownNameError with the nearest name. */
export const profileNamed = (name: string): Profile => profiles[requireKnown("profile", name, PROFILE_NAMES)];
