import { answersOf } from "../../../../datasets/phantom/questions/index.ts";
import { VISUAL_TEMPLATES } from "../../../../datasets/phantom/questions/visual-templates.ts";
import type { VisualFamily } from "../../../../datasets/phantom/questions/visual-templates.ts";
import type { Random } from "../../../random.ts";

export interface VisualAsked {
  family: VisualFamily;
  question: string;
  about: readonly string[];
}

/** Families of which `about` names one thing that the two answers are attributes of. */
const ATTRIBUTES = ["organ-side", "device-side", "finding-side", "finding-level", "finding-size", "finding-severity"];

/**
 * A training question about an image as it is, or in another order: "in this image, can you see the tessal?", "left or right, which side
 * shows the tessal?". A handful of wordings is learnt by heart; what can move has to be read. With `decisive` also "left or right, which
 * is the tessal?", which nothing but its beginning tells from "small or large, which is the tessal?". Wordings that are kept for probes
 * are never made.
 */
export function varyWording({ family, question, about }: VisualAsked, random: Random, decisive = false): string {
  const kind = random.below(4);
  const make = () => {
    if (kind === 0) return placeFirst(question);
    if (kind === 1) return answersFirst(family, question);
    const decides = decisive && kind === 2 && ATTRIBUTES.includes(family);
    return decides ? `${answersOf(family).join(" or ")}, which is the ${about[0]}?` : question;
  };
  const varied = make();
  return isProbeWording(family, varied) ? question : varied;
}

/** "is the tessal present here?" to "here, is the tessal present?". */
function placeFirst(question: string): string {
  const [, rest, place] = /^(.+) (in (?:this|the) image|here)\?$/.exec(question) ?? [];
  return rest ? `${place}, ${rest}?` : question;
}

/** Where there are two answers and the question names neither. */
function answersFirst(family: VisualFamily, question: string): string {
  const answers = answersOf(family);
  return answers.length === 2 && !question.includes(" or ") ? `${answers.join(" or ")}, ${question}` : question;
}

/** Whether a question has one of the wordings that its family keeps for probes. */
export const isProbeWording = (family: VisualFamily, question: string): boolean =>
  VISUAL_TEMPLATES[family].probe.some((template) =>
    new RegExp(`^${template.replace("?", "\\?").replaceAll(/\{[^}]+\}/g, ".+")}$`).test(question),
  );
