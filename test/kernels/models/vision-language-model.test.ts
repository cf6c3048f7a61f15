import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import type { Edit, Intervention } from "../../../kernels/models/edit.ts";
import { EditMismatchError } from "../../../kernels/models/combine-edits.ts";
import { ContextLengthError } from "../../../kernels/models/context-length-error.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { random } from "../../../kernels/random.ts";
import { float32 } from "../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { loadTinyVlm, TINY_VLM, tinyCases } from "../tiny-vlm.ts";
import { lossAt } from "./loss-at.ts";

const SITE = "layers.1.mlp.down_proj";

const editOf = (...interventions: Intervention[]): Edit => ({
  id: "test",
  editor: "test",
  cases: [],
  interventions,
  scope: { kind: "always" },
  provenance: { editor: "test", model: "test", seed: 0, options: {} },
});

/** Small seeded numbers: large enough to move the logits, small enough to stay in the model's range. */
const noise = (length: number, scale: number, seed: number) => {
  const stream = random(seed);
  return Float32Array.from({ length }, () => ((stream.below(20001) - 10000) / 10000) * scale);
};

describeWithShared("a real vision-language model", TINY_VLM, () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    model = await loadTinyVlm();
    cases = await tinyCases(model, 3);
  });
  after(() => model?.dispose());

  const scores = (view: VisionLanguageModel) =>
    Promise.all(cases.map((each) => view.score(each, each.target).then((s) => s.logprobs)));

  it("gives at least 116 of the 120 reference answers", async () => {
    const reference: { image: string; question: string; got: string }[] = JSON.parse(
      readFileSync(shared("models/vqarad-tiny-vlm/reference_answers.json"), "utf8"),
    );
    let same = 0;
    for (const { image, question, got } of reference)
      if ((await model.answer({ image: { id: image, path: shared("data/vqa-rad/images", image) }, question })) === got)
        same++;
    console.log(`      ${same} of ${reference.length} reference answers reproduced`);
    expect(same).to.be.at.least(116);
  });

  it("is bit-identical before, beside and after an edit", async () => {
    // All logits at all positions, compared as bits: equality of numbers would take 0 for -0.
    const bits = async (asked: VisionLanguageModel) => {
      const all = await Promise.all(cases.map((each) => asked.logits(each, each.target)));
      return all.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex"));
    };
    const before = await bits(model);
    const view = model.with(
      editOf({ kind: "dense", site: SITE, delta: float32(noise(384 * 128, 0.05, 1), [384, 128]) }),
    );
    expect(await bits(view)).to.not.deep.equal(before);
    await view.answer(cases[0]);
    expect(await bits(model)).to.deep.equal(before);
  });

  it("equals the base bit for bit under an edit of zeros", async () => {
    const zeros = editOf(
      { kind: "dense", site: SITE, delta: float32(new Float32Array(384 * 128), [384, 128]) },
      {
        kind: "low-rank",
        site: "layers.0.self_attn.q_proj",
        a: float32(new Float32Array(128 * 3), [128, 3]),
        b: float32(new Float32Array(3 * 128), [3, 128]),
      },
    );
    expect(await scores(model.with(zeros))).to.deep.equal(await scores(model));
    expect(await model.with(zeros).answer(cases[0])).to.equal(await model.answer(cases[0]));
  });

  it("answers the same to low-rank factors as to their product", async () => {
    const [a, b] = [noise(384 * 2, 0.2, 2), noise(2 * 128, 0.2, 3)];
    const product = new Float32Array(384 * 128);
    for (let i = 0; i < 384; i++)
      for (let j = 0; j < 128; j++) product[i * 128 + j] = a[i * 2] * b[j] + a[i * 2 + 1] * b[128 + j];
    const low = await scores(
      model.with(editOf({ kind: "low-rank", site: SITE, a: float32(a, [384, 2]), b: float32(b, [2, 128]) })),
    );
    const dense = await scores(model.with(editOf({ kind: "dense", site: SITE, delta: float32(product, [384, 128]) })));
    low.flat().forEach((value, i) => expect(value).to.be.closeTo(dense.flat()[i], 1e-3));
  });

  it("composes edits in sequence as in one call, and sums deltas at one site", async () => {
    const one = editOf({ kind: "dense", site: SITE, delta: float32(noise(384 * 128, 0.02, 4), [384, 128]) });
    const two = editOf({ kind: "dense", site: SITE, delta: float32(noise(384 * 128, 0.02, 5), [384, 128]) });
    const prefix = editOf({ kind: "prefix", text: "New Fact: the sky is green\nPrompt: " });
    const chained = await scores(model.with(one).with(prefix).with(two));
    expect(chained).to.deep.equal(await scores(model.with(one, prefix, two)));
    expect(chained).to.not.deep.equal(await scores(model.with(one, two)));
  });

  it("reports the loss and its gradient: the directional derivative agrees with central differences", async () => {
    const [edited] = cases;
    const at = await lossAt(model, SITE, edited, edited.target);
    const { loss, gradient: g } = await at();
    const norm = Math.hypot(...g);
    const h = 0.02;
    const step = (sign: number) => at(g.map((value) => (sign * h * value) / norm));
    const [plus, minus] = [await step(1), await step(-1)];
    expect(loss).to.be.greaterThan(0);
    // Single precision: a loss near 5 has about 1e-6 of noise, over 2h that is 1e-4 of the derivative; curvature adds h squared.
    expect((plus.loss - minus.loss) / (2 * h) / norm).to.be.closeTo(1, 2e-3);
  });

  it("keeps a view's own edits in the loss", async () => {
    const delta = float32(noise(384 * 128, 0.05, 6), [384, 128]);
    const view = model.with(editOf({ kind: "dense", site: SITE, delta }));
    const onView = await (await lossAt(view, SITE, cases[0], cases[0].target))();
    const onBase = await (await lossAt(model, SITE, cases[0], cases[0].target))(delta.data);
    expect(onView.loss).to.be.closeTo(onBase.loss, 1e-6);
  });

  it("finds its own greedy answers the likeliest, token by token, when it scores them", async () => {
    const reference: { image: string; question: string }[] = JSON.parse(
      readFileSync(shared("models/vqarad-tiny-vlm/reference_answers.json"), "utf8"),
    );
    let [tokens, same] = [0, 0];
    for (const { image, question } of reference) {
      const query = { image: { id: image, path: shared("data/vqa-rad/images", image) }, question };
      const { ids, argmax } = await model.score(query, await model.answer(query));
      tokens += ids.length;
      same += ids.filter((id, i) => id === argmax[i]).length;
    }
    console.log(`      ${same} of ${tokens} tokens of its own answers are its first choice`);
    // Not all: a greedy answer may spell a word with other tokens than the tokenizer would.
    expect(same / tokens).to.be.at.least(0.97);
  });

  it("scores an answer the same in capitals and in lower case, because it writes lower case", async () => {
    const score = await model.score({ question: "Is there a fracture?" }, "No");
    expect((await model.score({ question: "Is there a fracture?" }, "no")).ids).to.deep.equal(score.ids);
  });

  it("refuses a question that does not fit its context, with both numbers", async () => {
    const question = "is there a fracture ".repeat(200);
    for (const ask of [() => model.answer({ question }), () => model.score({ question }, "no")]) {
      const error = await ask().catch((e) => e);
      expect(error).to.be.instanceOf(ContextLengthError);
      expect(error.message).to.match(/need \d+ tokens, the model takes 512/);
    }
  });

  it("outlives the disposal of a view", async () => {
    await model.with().dispose();
    expect(await model.answer(cases[0])).to.be.a("string");
  });

  it("includes low-rank edits in a view's weight, and copies an edit's numbers", () => {
    const [a, b] = [noise(384, 0.2, 2), noise(128, 0.2, 3)];
    const low = model.with(editOf({ kind: "low-rank", site: SITE, a: float32(a, [384, 1]), b: float32(b, [1, 128]) }));
    const difference = low.weight(SITE).data[5 * 128 + 7] - model.weight(SITE).data[5 * 128 + 7];
    expect(difference).to.be.closeTo(a[5] * b[7], 1e-6);
    const delta = float32(noise(384 * 128, 0.2, 4), [384, 128]);
    const dense = model.with(editOf({ kind: "dense", site: SITE, delta }));
    const before = dense.weight(SITE).data[0];
    delta.data.fill(9);
    expect(dense.weight(SITE).data[0]).to.equal(before);
  });

  it("has one digest for one set of files", async () => {
    expect(await model.digest()).to.match(/^[0-9a-f]{16}$/);
    expect(await model.with().digest()).to.equal(await model.digest());
  });

  it("refuses an edit whose site or shape it does not have, and says what it takes", () => {
    const wrong = float32(new Float32Array(6), [2, 3]);
    expect(() => model.with(editOf({ kind: "dense", site: SITE, delta: wrong }))).to.throw(
      EditMismatchError,
      /the update is float32 \[2,3\], the site takes float32 \[384,128\]/,
    );
    expect(() => model.with(editOf({ kind: "dense", site: "layers.9.mlp.down_proj", delta: wrong }))).to.throw(
      EditMismatchError,
      /no site/,
    );
  });
});
