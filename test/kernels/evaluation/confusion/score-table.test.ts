import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { ConfusionPair, OptionLetter } from "../../../../datasets/confusion-pair.ts";
import { confusionBaselines } from "../../../../kernels/evaluation/confusion/baselines.ts";
import type { Choice } from "../../../../kernels/evaluation/confusion/choice.ts";
import { confusionRows } from "../../../../kernels/evaluation/confusion/confusion-rows.ts";
import { scoreTable } from "../../../../kernels/evaluation/confusion/score-table.ts";
import type { AnsweredPair } from "../../../../kernels/evaluation/confusion/tally.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";

const pair = (
  choices: string,
  one = ["x"],
  two = one,
  answers: AnsweredPair["answers"] = ["A", "B"],
): AnsweredPair => ({
  categories: [one, two],
  answers,
  choices: [choices[0] as Choice, choices[1] as Choice],
  cluster: choices,
});

describe("scoreTable", () => {
  it("counts sets, images, confusion among valid pairs, slips and precision", () => {
    const [line] = scoreTable(["AB", "AA", "BA", "-B", "BB"].map((choices) => pair(choices))).slice(-1);
    expect(line).to.deep.equal({
      category: "All",
      total: 5,
      set: 20,
      individual: 50,
      confusion: 50,
      valid: 4,
      invalid: 10,
      precision: 50,
      precisionTotal: 2,
      counts: { set: 1, individual: 5, confused: 2, invalid: 1 },
    });
  });

  it("official counts a pair twice in a category of both images, the union once; images count for their own", () => {
    const pairs = [pair("AB", ["x"], ["x"]), pair("AA", ["x"], ["y"])];
    const totals = (rule: "official" | "pair-union") =>
      scoreTable(pairs, rule).map(({ category, total, set, individual }) => [category, total, set, individual]);
    expect(totals("official")).to.deep.equal([
      ["x", 3, 66.67, 100],
      ["y", 1, 0, 0],
      ["All", 2, 50, 75],
    ]);
    expect(totals("pair-union")).to.deep.equal([
      ["x", 2, 50, 100],
      ["y", 1, 0, 0],
      ["All", 2, 50, 75],
    ]);
  });

  it("gives 0 where a share is of nothing, as published; rows give null", () => {
    const pairs = [pair("--")];
    expect(scoreTable(pairs)[1]).to.include({ confusion: 0, valid: 0, precision: 0, precisionTotal: 0, invalid: 100 });
    const rows = confusionRows(pairs, { comparable_group: "g", seed: 0 });
    expect(rows.find(({ metric }) => metric === "confusion")).to.include({ value: null, n: 0, ci: null });
  });
});

describe("confusionRows", () => {
  it("resamples clusters, so that pairs of one cluster are one observation", () => {
    const alike = Array.from({ length: 40 }, (_, i) => pair(i % 2 ? "AB" : "AA"));
    const apart = alike.map((each, i) => ({ ...each, cluster: String(i) }));
    const width = (pairs: AnsweredPair[]) => {
      const { ci } = confusionRows(pairs, { comparable_group: "g", seed: 0 }).find(({ metric }) => metric === "set")!;
      return ci![1] - ci![0];
    };
    // Two clusters of equal pairs: the interval is everything from 0 to 1.
    expect(width(alike)).to.equal(1);
    expect(width(apart)).to.be.within(0.25, 0.35);
  });
});

interface PublishedPair {
  category_1: string[];
  category_2: string[];
  im_1_correct: OptionLetter;
  im_2_correct: OptionLetter;
  option_A: string;
  option_B: string;
}

const FILE = "data/mediconfusion/dataset.json";
const other = (letter: OptionLetter): OptionLetter => (letter === "A" ? "B" : "A");

describeWithShared("MediConfusion's published pairs", [FILE], () => {
  let pairs: PublishedPair[];
  before(() => {
    pairs = Object.values(JSON.parse(readFileSync(shared(FILE), "utf8")) as Record<string, PublishedPair>);
  });
  const answered = (choose: (pair: PublishedPair, i: number) => [Choice, Choice]): AnsweredPair[] =>
    pairs.map((each, i) => ({
      categories: [each.category_1, each.category_2],
      answers: [each.im_1_correct, each.im_2_correct],
      choices: choose(each, i),
      cluster: "one",
    }));

  // Category, total, set, individual, confusion, valid, invalid, precision, precision total.
  const TABLE = [
    ["All", 176, 20.45, 50.28, 49.65, 141, 9.94, 50.7, 71],
    ["Cerebral", 79, 20.25, 50.63, 51.61, 62, 10.13, 53.33, 30],
    ["Vascular", 73, 19.18, 47.95, 46.43, 56, 12.33, 46.67, 30],
    ["Head and Neck", 67, 19.4, 55.22, 61.11, 54, 7.46, 61.9, 21],
    ["Spinal", 51, 21.57, 49.02, 45.24, 42, 7.84, 47.83, 23],
    ["Musculoskeletal", 42, 19.05, 52.38, 45.45, 33, 9.52, 44.44, 18],
    ["Cardiac", 52, 19.23, 50.0, 50.0, 40, 11.54, 50.0, 20],
    ["Gastrointestinal", 43, 23.26, 55.81, 55.56, 36, 6.98, 62.5, 16],
    ["Pulmonary", 20, 20.0, 50.0, 35.71, 14, 15.0, 44.44, 9],
    ["Nuclear Medicine", 14, 14.29, 42.86, 50.0, 12, 7.14, 33.33, 6],
  ];
  it("five kinds of pairs in turn: right, A/A, wrong, slip and right, B/B", () => {
    const lines = scoreTable(
      answered(({ im_1_correct: one, im_2_correct: two }, i) => {
        const kinds: [Choice, Choice][] = [
          [one, two],
          ["A", "A"],
          [other(one), other(two)],
          ["-", two],
          ["B", "B"],
        ];
        return kinds[i % 5];
      }),
    );
    const got = new Map(lines.map(({ counts: _, ...line }) => [line.category, Object.values(line)]));
    for (const line of TABLE) expect(got.get(line[0] as string)).to.deep.equal(line);
    expect(got.size).to.equal(TABLE.length);
  });

  it("always A: half of the images, no set, full confusion in every category", () => {
    const lines = scoreTable(answered(() => ["A", "A"]));
    for (const { set, confusion } of lines) expect([set, confusion]).to.deep.equal([0, 100]);
    const individual = new Map(lines.map((line) => [line.category, line.individual]));
    expect(TABLE.map(([category]) => individual.get(category as string))).to.deep.equal([
      ...[50.0, 49.37, 49.32, 50.75, 50.98, 50.0, 50.0, 51.16, 45.0, 50.0],
    ]);
  });

  it("pair-unions are the published ones", () => {
    const union = new Map(
      scoreTable(
        answered(() => ["A", "B"]),
        "pair-union",
      ).map((line) => [line.category, line.total]),
    );
    expect(Object.fromEntries(union)).to.deep.equal({
      Cerebral: 45,
      "Head and Neck": 40,
      Vascular: 38,
      Spinal: 31,
      Cardiac: 26,
      Musculoskeletal: 23,
      Gastrointestinal: 23,
      Pulmonary: 11,
      "Nuclear Medicine": 7,
      All: 176,
    });
  });

  it("a rule that looks at no image, such as the longer option, has exactly half of the images and no set", () => {
    const asked = pairs.map((each, i) => ({
      options: [each.option_A, each.option_B],
      answers: [each.im_1_correct, each.im_2_correct],
      categories: [[], []],
      cluster: String(i),
    })) as unknown as ConfusionPair[];
    const longer = confusionBaselines(asked).find(({ id }) => id === "longer-option");
    expect(longer).to.include({ set: 0, individual: 0.5, confusion: 1 });
  });
});
