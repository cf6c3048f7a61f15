import { headOf, PATHS } from "../../../../datasets/phantom/knowledge/chains.ts";
import { ENTITIES } from "../../../../datasets/phantom/knowledge/entities.ts";
import { FACTS } from "../../../../datasets/phantom/knowledge/facts.ts";
import { claimQuestion, composedQuestion, isComposedTrained, PORTABILITY_FAMILIES, textQuestion, VISUAL_FAMILIES, visualQuestions } from "../../../../datasets/phantom/questions/index.ts"; // prettier-ignore
import type { QuestionAnswer, TemplateSplit } from "../../../../datasets/phantom/questions/index.ts";
import { neighbours } from "../../../../datasets/phantom/world/sample-scene-neighbours.ts";
import { sampleScene } from "../../../../datasets/phantom/world/sample-scene.ts";
import type { Scene } from "../../../../datasets/phantom/world/scene.ts";
import { MODALITIES } from "../../../../datasets/phantom/world/vocabulary.ts";
import { random } from "../../../random.ts";
import type { Random } from "../../../random.ts";
import { sceneSeed } from "../training/seeds.ts";
import type { ExamGroup, ExamQuestion } from "./exam-question.ts";

const [PER_IMAGE, PORTABLE] = [5, 1];

/**
 * The questions that a trained model is measured on: `images` test scenes, in equal parts of all modalities, and the whole knowledge
 * base. Deterministic; no scene is shown in training, and but for the groups that say so no wording is.
 */
export function examPaper(seed: number, images: number): ExamQuestion[] {
  const scenes = Array.from({ length: images }, (_, i) =>
    sampleScene(sceneSeed(seed, "test", i), { modality: MODALITIES[i % MODALITIES.length] }),
  );
  const stream = random(seed ^ 0x5eed);
  const seen = scenes.flatMap((scene, i) => sceneQuestions(scene, i, stream));
  return [...seen, ...shuffled(seen, scenes), ...knowledgeQuestions(stream)];
}

const asked = (group: ExamGroup, cluster: string, qa: QuestionAnswer, scene?: Scene): ExamQuestion => ({
  group, cluster, question: qa.question, answer: qa.answer, family: qa.family, about: qa.about, ...(scene && { scene }),
}); // prettier-ignore

function sceneQuestions(scene: Scene, index: number, stream: Random): ExamQuestion[] {
  const cluster = `scene ${index}`;
  const draw = (templates: TemplateSplit, families: readonly string[]) =>
    stream.shuffle(visualQuestions(scene, stream, { templates, families, neighbours }));
  const portable = draw("probe", PORTABILITY_FAMILIES);
  const hops = (count: number, trained: boolean) =>
    portable.filter(({ hops, about }) => hops === count && isComposedTrained(about[0]) === trained).slice(0, PORTABLE);
  return [
    ...draw("probe", VISUAL_FAMILIES).slice(0, PER_IMAGE).map((qa) => asked("visual", cluster, qa, scene)),
    ...draw("train", VISUAL_FAMILIES).slice(0, PER_IMAGE).map((qa) => asked("visual-train-wording", cluster, qa, scene)),
    ...portable.filter((qa) => qa.hops === 1).slice(0, PORTABLE).map((qa) => asked("seen-1", cluster, qa, scene)),
    ...hops(2, true).map((qa) => asked("seen-2", cluster, qa, scene)),
    ...hops(2, false).map((qa) => asked("seen-2-held-out", cluster, qa, scene)),
  ]; // prettier-ignore
}

/** Each visual question with the image of the next scene but a few: what is answered right now was not read from the image. */
function shuffled(seen: readonly ExamQuestion[], scenes: readonly Scene[]): ExamQuestion[] {
  const place = new Map(scenes.map((scene, i) => [scene, i]));
  // Modalities alternate, so that a step which is no multiple of their number shows another one.
  const other = (scene: Scene) => scenes[(place.get(scene)! + MODALITIES.length + 1) % scenes.length];
  return seen
    .filter(({ group }) => group === "visual")
    .map((each) => ({ ...each, group: "visual-shuffled", scene: other(each.scene!) }));
}

function knowledgeQuestions(stream: Random): ExamQuestion[] {
  const facts = FACTS.flatMap((fact) => [
    asked("fact-train-wording", fact.head, textQuestion(fact, "train", stream)),
    asked("fact", fact.head, textQuestion(fact, "probe", stream)),
  ]);
  const claims = FACTS.map((fact, i) =>
    asked("claim", fact.head, claimQuestion(fact, "probe", stream, i % 2 ? "claim" : "negated-claim")),
  );
  const composed = PATHS.filter((path) => path.length === 2).flatMap((path) =>
    ENTITIES[headOf(path)].map((head) =>
      asked(
        isComposedTrained(head) ? "text-2" : "text-2-held-out",
        head,
        composedQuestion(head, path, "probe", stream),
      ),
    ),
  );
  return [...facts, ...claims, ...composed];
}
