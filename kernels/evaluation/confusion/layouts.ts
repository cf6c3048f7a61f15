import type { ConfusionPair } from "../../../datasets/confusion-pair.ts";

type Asked = Pick<ConfusionPair, "question" | "options">;

/** How a question and its options are written for multiple choice. What the model's own prompt form adds stands around it. */
export interface Layout {
  /** Models that the published code asks so. */
  summary: string;
  write(asked: Asked, instruction: string): string;
}

const sentence = (instruction: string) => (instruction ? `${instruction} ` : "");

/**
 * The published option layouts.
 *
 * Source: MediConfusion (arXiv 2409.15477), prompts of its answering models; the wording of the instruction is this project's.
 */
export const layouts = {
  plain: {
    summary: "GPT, Gemini, Claude, DeepSeek, LLaVA-Med",
    write: ({ question, options: [a, b] }, instruction) =>
      `${question}\n${instruction && `${instruction}\n`}A: ${a}\nB: ${b}\nAnswer: `,
  },
  quoted: {
    summary: "LLaVA, InstructBLIP, RadFM, Molmo, Llama",
    write: ({ question, options: [a, b] }, instruction) =>
      `${question}\n${instruction && `${instruction}\n`}("A": ${a})\n("B": ${b})\n#answer: ("`,
  },
  block: {
    summary: "BLIP-2",
    write: ({ question, options: [a, b] }, instruction) =>
      `Question: ${question} ${sentence(instruction)}A: ${a} B: ${b} Answer:`,
  },
  choices: {
    summary: "MedVInT",
    write: ({ question, options: [a, b] }, instruction) =>
      `${question} ${sentence(instruction)}The choices are: A: ${a} B: ${b} The Answer is: `,
  },
} satisfies Record<string, Layout>;

export type LayoutName = keyof typeof layouts;

/** What multiple choice asks for beyond the question; greedy letters are asked without it. */
export const ONE_LETTER = "Answer with one letter, A or B, and nothing else.";
