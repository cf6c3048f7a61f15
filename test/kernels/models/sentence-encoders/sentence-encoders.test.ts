import { expect } from "chai";
import { loadModel } from "../../../../kernels/models/load-model.ts";
import { openSentenceEncoder } from "../../../../kernels/models/sentence-encoder.ts";
import type { VisionLanguageModel } from "../../../../kernels/models/vision-language-model.ts";
import { expectNear } from "../../onnx/near.ts";

const TEXT = "which assay confirms halden?";

describe("a model's sentence encoders", () => {
  let model: VisionLanguageModel;
  before(async () => {
    model = await loadModel("phantom", { device: "cpu" });
  });
  after(() => model?.dispose());

  it("are opened once, for the model and all its views", async () => {
    const [first, again] = await Promise.all([model.sentenceEncoder("phantom"), model.sentenceEncoder("phantom")]);
    expect(again).to.equal(first);
    expect(await model.with().sentenceEncoder("phantom")).to.equal(first);
  });

  it("give what an encoder with an engine of its own gives", async () => {
    const own = await openSentenceEncoder("phantom");
    try {
      expect(await (await model.sentenceEncoder("phantom")).encode([TEXT])).to.deep.equal(await own.encode([TEXT]));
    } finally {
      await own.dispose();
    }
  });

  it("include the mean of the model's token embeddings, at length 1", async () => {
    const mean = await model.embedText(TEXT);
    const length = Math.sqrt(mean.reduce((sum, value) => sum + value * value, 0));
    const [vector] = await (await model.sentenceEncoder("embeddings")).encode([TEXT]);
    expectNear(
      vector,
      [...mean].map((value) => value / length),
      "logits",
      "token embeddings",
    );
  });

  it("have the digest of what decides their vectors", async () => {
    expect(await (await model.sentenceEncoder("embeddings")).digest()).to.equal(await model.digest());
    const phantom = await (await model.sentenceEncoder("phantom")).digest();
    expect(phantom)
      .to.match(/^[0-9a-f]{16}$/)
      .and.not.equal(await model.digest());
  });

  it("are asked for again after a failure", async () => {
    for (const attempt of [1, 2]) {
      const error = await model.sentenceEncoder("./nowhere").catch((error) => error);
      expect(error, `attempt ${attempt}`).to.be.instanceOf(Error).and.have.property("name", "SentenceEncoderError");
    }
    expect(await model.sentenceEncoder("phantom")).to.have.property("id", "phantom");
  });
});
