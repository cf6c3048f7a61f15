import { expect } from "chai";
import { readVqaRad } from "../../../../datasets/vqa-rad/read.ts";
import { CancelledError } from "../../../../kernels/errors.ts";
import { EmptySetError } from "../../../../kernels/evaluation/empty-set-error.ts";
import { matchesExactly } from "../../../../kernels/evaluation/vqa/answer-form.ts";
import { evaluateVqa, type VqaEvaluation, type VqaQuestion } from "../../../../kernels/evaluation/vqa/evaluate-vqa.ts";
import { majorityAnswer } from "../../../../kernels/evaluation/vqa/majority-answer.ts";
import { tokenRecall } from "../../../../kernels/evaluation/vqa/token-recall.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";
import { TableModel } from "../table-model.ts";

describe("matchesExactly", () => {
  it("ignores outer spaces, case and the final mark, and nothing else", () => {
    expect(matchesExactly(" Yes.", "yes")).to.equal(true);
    expect(matchesExactly("the left lung", "left lung")).to.equal(false);
    expect(matchesExactly("肺。", "肺")).to.equal(true);
    expect(matchesExactly("", "")).to.equal(false);
  });
});

describe("tokenRecall", () => {
  it("counts every wanted word as often as it is said", () => {
    expect(tokenRecall("the left, lower lobe of it", "left lower lung")).to.be.closeTo(2 / 3, 1e-12);
    expect(tokenRecall("left", "left left")).to.equal(0.5);
    expect(tokenRecall("右肺", "右上肺")).to.be.closeTo(2 / 3, 1e-12);
    expect(tokenRecall("anything", "?")).to.equal(null);
  });
});

describe("majorityAnswer", () => {
  const majority = majorityAnswer([
    { question: "Which side?", answer: "Left" },
    { question: "which side? ", answer: "left." },
    { question: "Which side?", answer: "right" },
    { question: "Any?", answer: "no" },
    { question: "Any mass?", answer: "No" },
    { question: "Any cyst?", answer: "no" },
  ]);
  it("is the question's own, or the most frequent one where the question is new", () => {
    expect(majority("WHICH SIDE?")).to.equal("left");
    expect(majority("Never asked?")).to.equal("no");
  });
  it("needs training records", () => expect(() => majorityAnswer([])).to.throw(EmptySetError));
});

const question = (i: number, answer: string, closed: boolean): VqaQuestion => ({
  id: `q${i}`,
  benchmark: "invented",
  split: "test",
  image: { id: `image${i % 3}.png`, path: `/images/${i % 3}.png` },
  question: `Question ${i}?`,
  answer,
  closed,
  lang: "en",
});

const row = ({ rows }: VqaEvaluation, condition: string, metric: string) =>
  rows.find((each) => each.condition === condition && each.metric === metric);

describe("evaluateVqa", () => {
  const questions = [question(0, "yes", true), question(1, "no", true), question(2, "left lung", false)];
  const table = {
    "image0.png|Question 0?": "Yes.",
    "image1.png|Question 1?": "yes",
    "image2.png|Question 2?": "the left lung",
    "blank|Question 1?": "no",
  };

  it("counts closed, open and all answers, and recall apart", async () => {
    const result = await evaluateVqa(new TableModel(table), questions);
    expect(row(result, "model", "closed")).to.include({ value: 0.5, n: 2 });
    expect(row(result, "model", "open")).to.include({ value: 0, n: 1 });
    expect(row(result, "model", "overall")!.value).to.be.closeTo(1 / 3, 1e-12);
    expect(row(result, "model", "open-recall")).to.include({
      value: 1,
      comparable_group: "vqa.gen.token-recall.invented.en",
    });
    expect(result.comparable_group).to.equal("vqa.gen.exact-norm.invented.en");
  });

  it("controls ask about another image and about a grey one, the same with one seed", async () => {
    const model = new TableModel(table);
    const controlled = await evaluateVqa(model, questions, { controls: true, training: questions, seed: 3 });
    expect(row(controlled, "blank-image", "closed")).to.include({ value: 0.5 });
    // Only a question's own image gives its answer in this table, so no shuffled one does.
    expect(row(controlled, "shuffled-image", "overall")).to.include({ value: 0, n: 3 });
    expect(row(controlled, "question-majority", "overall")).to.include({ value: 1 });
    expect(await evaluateVqa(model, questions, { controls: true, training: questions, seed: 3 })).to.deep.equal(
      controlled,
    );
  });

  it("needs questions and stops on request", async () => {
    const failure = (promise: Promise<unknown>) => promise.catch((error: Error) => error);
    expect(await failure(evaluateVqa(new TableModel({}), []))).to.be.instanceOf(EmptySetError);
    const signal = AbortSignal.abort();
    expect(await failure(evaluateVqa(new TableModel({}), questions, { signal }))).to.be.instanceOf(CancelledError);
  });
});

describeWithShared("VQA-RAD's published split", ["data/vqa-rad/testset.json", "data/vqa-rad/images"], () => {
  it("the majority of a question's training answers has 33.0% of the test questions right", async () => {
    const folder = shared("data/vqa-rad");
    const [train, test] = await Promise.all([
      readVqaRad(folder, { split: "train" }),
      readVqaRad(folder, { split: "test" }),
    ]);
    const majority = majorityAnswer(train.records);
    const right = test.records.filter(({ question, answer }) => matchesExactly(majority(question), answer)).length;
    expect(test.records.length).to.equal(451);
    expect(Math.round((1000 * right) / 451) / 10).to.equal(33.0);
  });
});
