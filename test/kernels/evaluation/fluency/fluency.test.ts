import { expect } from "chai";
import { fluency, SamplingUnavailableError } from "../../../../kernels/evaluation/fluency/fluency.ts";
import { loadModel } from "../../../../kernels/models/load-model.ts";
import type { VisionLanguageModel } from "../../../../kernels/models/vision-language-model.ts";
import { TableModel } from "../table-model.ts";

const QUESTION = "what is given for it";

describe("fluency", () => {
  let model: VisionLanguageModel;
  before(async () => {
    model = await loadModel("phantom", { device: "cpu" });
  });
  after(() => model?.dispose());

  it("samples a real model: the same text with one seed, greedy with k = 1", async () => {
    const query = { question: QUESTION };
    const options = { maxNewTokens: 12, seed: 4 };
    expect(await model.generate(query, options)).to.equal(await model.generate(query, options));
    expect(await model.generate(query, { maxNewTokens: 24, topK: 1 })).to.equal(await model.answer(query));
    const texts = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => model.generate(query, { seed, topK: 50 })));
    expect(new Set(texts).size).to.be.above(1);
  });

  it("scores prompt and continuation, and counts texts that are too short", async () => {
    const prompts = [{ question: QUESTION }, { question: QUESTION }];
    const scored = await fluency(model, prompts, { maxNewTokens: 8 });
    expect(scored).to.include({
      n: 2,
      undefined: 0,
      comparable_group: "gen.fluency.ngram-entropy@new8-top5-with-prompt",
    });
    expect(scored.value).to.be.above(0);
    expect(scored.texts[0].text.startsWith(QUESTION)).to.equal(true);
    const short = await fluency(model, prompts, { maxNewTokens: 1, includePrompt: false });
    expect(short).to.include({ value: null, n: 0, undefined: 2 });
  });

  it("is refused for a model that cannot sample", async () => {
    const error = await fluency(new TableModel({}), []).catch((failure: Error) => failure);
    expect(error).to.be.instanceOf(SamplingUnavailableError);
  });
});
