import { expect } from "chai";
import { type Benchmark, benchmarkCases, benchmarks, CaseOptionError } from "../../datasets/index.ts";
import { BenchmarkMissingError } from "../../datasets/read-json-array.ts";
import { UnknownNameError } from "../../kernels/errors.ts";

const failure = (name: string, limit: number, seed?: number): Promise<Error> =>
  benchmarkCases(name, { folder: "/nowhere", answer: async () => "", limit, seed }).then(
    () => expect.fail("expected a failure"),
    (error) => error,
  );

describe("benchmarks", () => {
  it("say in one line each what they are and what they need", () => {
    for (const { summary, needs } of Object.values(benchmarks))
      for (const line of [summary, needs]) expect(line).to.match(/^[^\n]{20,160}$/);
  });

  it("offer the nearest name for an unknown one", async () => {
    const error = await failure("vqarad", 1);
    expect(error).to.be.instanceOf(UnknownNameError);
    expect(error.message).to.contain('unknown benchmark "vqarad"; did you mean "vqa-rad"?');
  });

  it("name the folder that a benchmark of files needs", async () => {
    const error = await benchmarkCases("vqa-rad", { answer: async () => "", limit: 1 }).catch((error) => error);
    expect(error).to.be.instanceOf(BenchmarkMissingError);
    expect(error.message).to.contain("vqa-rad: no folder was given. Pass the folder that holds trainset.json");
  });

  it("list every split that a call takes, of questions too, and no other is taken", async () => {
    const all: Record<string, Benchmark> = benchmarks;
    for (const [name, { splits, questionSplits = splits, read, readPairs, readQuestions }] of Object.entries(all))
      for (const [reads, listed] of [
        [read, splits],
        [readPairs, splits],
        [readQuestions, questionSplits],
      ] as const) {
        if (!reads) continue;
        for (const split of listed)
          expect(() => reads({ folder: "/nowhere", split }), `${name} ${split}`).not.to.throw();
        expect(() => reads({ folder: "/nowhere", split: "none" }), name).to.throw(UnknownNameError, listed.join(", "));
      }
    expect(all["vqa-rad"].questionSplits).to.deep.equal(["train", "test", "train-image-disjoint"]);
  });

  it("refuse a limit or a seed that is no whole number", async () => {
    for (const limit of [0, -1, 1.5, NaN]) expect(await failure("vqa-rad", limit)).to.be.instanceOf(CaseOptionError);
    expect(await failure("vqa-rad", 1, 0.5)).to.be.instanceOf(CaseOptionError);
  });
});
