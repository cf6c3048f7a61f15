import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import type { OptionLetter } from "../../datasets/confusion-pair.ts";
import { type Choice, chooseOption } from "../../kernels/evaluation/confusion/choice.ts";
import { greedyLetter } from "../../kernels/evaluation/confusion/greedy-letter.ts";
import { parseJudge } from "../../kernels/evaluation/confusion/parse-judge.ts";
import { parseLetter } from "../../kernels/evaluation/confusion/parse-letter.ts";
import { choosePrefix, type PrefixInput, prefixScore } from "../../kernels/evaluation/confusion/prefix-score.ts";
import { scoreTable } from "../../kernels/evaluation/confusion/score-table.ts";
import type { AnsweredPair } from "../../kernels/evaluation/confusion/tally.ts";
import type { Variant } from "../../kernels/evaluation/scoring/variant.ts";
import { shared } from "../shared-data.ts";
import { describeGolden } from "./golden-cases.ts";

interface Pair {
  category_1: string[];
  category_2: string[];
  im_1_correct: OptionLetter;
  im_2_correct: OptionLetter;
}

const answered = (pair: Pair, choices: [Choice, Choice]): AnsweredPair => ({
  categories: [pair.category_1, pair.category_2],
  answers: [pair.im_1_correct, pair.im_2_correct],
  choices,
  cluster: "one",
});

/** The published counts and percentages under their published names. */
function published(pairs: AnsweredPair[]) {
  const lines = scoreTable(pairs);
  const counts = (count: (line: (typeof lines)[number]) => number) =>
    Object.fromEntries(lines.map((line) => [line.category === "All" ? "total" : line.category, count(line)]));
  return {
    counts: {
      set_score: counts((line) => line.counts.set),
      individual_score: counts((line) => line.counts.individual),
      confused: counts((line) => line.counts.confused),
      invalid: counts((line) => line.counts.invalid),
      valids: counts((line) => line.valid),
      valid_pairs: counts((line) => line.precisionTotal),
    },
    table: Object.fromEntries(
      lines.map((line) => [
        line.category,
        {
          total: line.total,
          set_accuracy: line.set,
          individual_accuracy: line.individual,
          confusion: line.confusion,
          valid_pairs: line.valid,
          invalid: line.invalid,
          precision: line.precision,
          precision_total: line.precisionTotal,
        },
      ]),
    ),
  };
}

const judged = ({ response }: { response: string | null }) => {
  const { scores, reason } = parseJudge(response);
  return { scores: { ...scores, gpt_reason: reason } };
};

function prefixes(variant: Variant) {
  return ({ options }: { options: { input_ids: number[]; answer_ids: number[]; logits: number[][] }[] }) => {
    const inputs = options.map(({ input_ids, answer_ids, logits }): PrefixInput => {
      return { ids: input_ids, answer: answer_ids, logits };
    });
    const scores = inputs.map((input) => prefixScore(input, variant));
    return { scores, choice: choosePrefix(scores[0], scores[1]) };
  };
}

function tabulated({
  pairs,
  threshold,
}: {
  pairs: (Pair & Record<"answer_1" | "answer_2", string>)[];
  threshold: number;
}) {
  const choices = pairs.map((pair): [Choice, Choice] => [
    chooseOption(parseLetter(pair.answer_1), threshold),
    chooseOption(parseLetter(pair.answer_2), threshold),
  ]);
  return { choices, ...published(pairs.map((pair, i) => answered(pair, choices[i]))) };
}

function onDataset(inputs: Record<"dataset_file" | "dataset_sha256" | "answers_1" | "answers_2", string>) {
  const path = shared("data", "mediconfusion", inputs.dataset_file.split("/").at(-1)!);
  if (!existsSync(path)) throw new Error(`${path} is missing: set MEDKE_DATA to a folder with data/mediconfusion`);
  const bytes = readFileSync(path);
  expect(createHash("sha256").update(bytes).digest("hex")).to.equal(inputs.dataset_sha256);
  const pairs = Object.values(JSON.parse(bytes.toString("utf8")) as Record<string, Pair>);
  return published(
    pairs.map((pair, i) => answered(pair, [inputs.answers_1[i] as Choice, inputs.answers_2[i] as Choice])),
  );
}

describeGolden("mediconfusion.json", {
  parse_letter: {
    official: ({ answer }: { answer: string | null }) => {
      const scores = parseLetter(answer);
      return { ...scores, choice: chooseOption(scores) };
    },
  },
  parse_judge: { official: judged },
  choose: {
    official: (inputs: { score_A: number; score_B: number; threshold: number; truth: OptionLetter }) => {
      const choice = chooseOption({ A: inputs.score_A, B: inputs.score_B }, inputs.threshold);
      return { choice, correct: Number(choice === inputs.truth) };
    },
  },
  score_table: { official: tabulated },
  score_table_on_dataset: { official: onDataset },
  prefix_score: { official: prefixes("official"), corrected: prefixes("corrected") },
  greedy_letter: {
    official: ({ last_logits, id_A, id_B }: { last_logits: number[]; id_A: number; id_B: number }) => ({
      choice: greedyLetter(last_logits[id_A], last_logits[id_B]),
    }),
  },
});
