import { headOf, PATHS } from "../../../../datasets/phantom/knowledge/chains.ts";
import { ENTITIES } from "../../../../datasets/phantom/knowledge/entities.ts";
import { FACTS } from "../../../../datasets/phantom/knowledge/facts.ts";
import { claimQuestion, composedQuestion, isComposedTrained, REPORT_QUESTIONS, sceneReport, textQuestion, visualQuestions } from "../../../../datasets/phantom/questions/index.ts"; // prettier-ignore
import type { QuestionAnswer } from "../../../../datasets/phantom/questions/index.ts";
import { neighbours } from "../../../../datasets/phantom/world/sample-scene-neighbours.ts";
import type { Scene } from "../../../../datasets/phantom/world/scene.ts";
import type { Random } from "../../../random.ts";
import type { Asked } from "./block-encoder.ts";
import { varyWording, type VisualAsked } from "./vary-wording.ts";

/** Questions in a row that the image alone answers, and the share of rows whose one question beyond that needs a single fact. */
const [VISUAL, ONE_HOP] = [7, 0.6];
/** More than fit behind them. */
const TEXT = 8;
const HEADS = PATHS.map((path) => ENTITIES[headOf(path)].filter(isComposedTrained));

/**
 * Questions of one training row, in the order in which they are packed: about the scene, then about the knowledge base. `decisive`: some
 * are asked so that the answers named first decide what is meant.
 */
export function trainingQuestions(scene: Scene, random: Random, decisive = false): Asked[] {
  const asked = random.shuffle(visualQuestions(scene, random, { templates: "train", neighbours }));
  const oneHop = random.chance(ONE_HOP);
  const visual = [
    ...asked
      .filter(({ hops }) => hops === 0)
      .slice(0, VISUAL)
      .map((each) => ({
        ...each,
        question: varyWording(each as VisualAsked, random, decisive),
      })),
    // One hop from what is seen is asked of all heads; those of longer paths are kept apart for tests of composition.
    ...asked.filter(({ hops, about }) => (oneHop ? hops === 1 : hops > 1 && isComposedTrained(about[0]))).slice(0, 1),
  ];
  const text = Array.from({ length: TEXT }, () => textOf(random));
  const report = { question: random.pick(REPORT_QUESTIONS), answer: sceneReport(scene, random), seesImage: true };
  return [
    report,
    ...visual.map(({ question, answer }) => ({ question, answer, seesImage: true })),
    ...text.map(({ question, answer }) => ({ question, answer, seesImage: false })),
  ];
}

/** A fact, most often; a claim about one; or the end of a path of facts. */
function textOf(random: Random): QuestionAnswer {
  const kind = random.below(10);
  if (kind < 5) return textQuestion(random.pick(FACTS), "train", random);
  if (kind < 8)
    return claimQuestion(random.pick(FACTS), "train", random, random.chance(0.5) ? "claim" : "negated-claim");
  const path = random.below(PATHS.length);
  return composedQuestion(random.pick(HEADS[path]), PATHS[path], "train", random);
}
