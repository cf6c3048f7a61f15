import { expect } from "chai";
import { loadModel } from "../../../kernels/models/load-model.ts";
import { TextOnlyError } from "../../../kernels/models/text-prompt.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { describeWithShared, shared } from "../../shared-data.ts";

describeWithShared("model of text alone", ["models/tinystories-656k/onnx/model.onnx"], () => {
  const question = "Once upon a time, there was a little";
  let model: VisionLanguageModel;
  before(async () => {
    model = await loadModel(shared("models/tinystories-656k"), { device: "cpu" });
  });
  after(() => model?.dispose());

  it("answers and scores a bare question, and has edit sites", async () => {
    expect(await model.answer({ question })).to.match(/[a-z]/);
    const { ids, logprobs } = await model.score({ question }, "girl named Lily");
    expect(ids.length).to.be.greaterThan(0);
    expect(logprobs.every((logprob) => logprob < 0)).to.equal(true);
    expect(model.sites.map(({ role }) => role)).to.include("mlp.down_proj");
  });

  it("refuses images by name", async () => {
    const image = { id: "a.png", path: "/nowhere/a.png" };
    const error = await model.answer({ question, image }).catch((error) => error);
    expect(error).to.be.instanceOf(TextOnlyError);
    expect(error.message).to.contain('"a.png"');
  });
});
