import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { ike } from "../../../kernels/editors/ike.ts";
import { applyPack, loadPack, savePack } from "../../../kernels/editors/pack/index.ts";
import { retrievalPrompt } from "../../../kernels/editors/retrieval-prompt.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import { ContextLengthError } from "../../../kernels/models/context-length-error.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import { EncoderMismatchError } from "../../../kernels/models/scopes/require-encoder.ts";
import type { NearestTextScope } from "../../../kernels/models/scopes/scope.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";

describe("retrieval-prompt", () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    model = await loadModel("phantom", { device: "cpu" });
    const { cases: all } = await loadCases("phantom/medmkeb", { model, limit: 12 });
    // Cases that ask different things.
    cases = all.filter(({ question }, i) => all.findIndex((other) => other.question === question) === i);
  });
  after(() => model?.dispose());

  it("answers the edited question as IKE without demonstrations does", async () => {
    const [edited] = cases;
    const view = model.with(await retrievalPrompt().edit(model, [edited]));
    const prompted = model.with(await ike({ k: 0 }).edit(model, [edited]));
    expect(await view.score(edited, edited.target)).to.deep.equal(await prompted.score(edited, edited.target));
    expect(await view.route(edited)).to.include({ fires: true, entry: 0, case: edited.id });
  });

  it("leaves a question that resembles none to the base model, bit for bit", async () => {
    const [edited] = cases;
    const other = edited.probes.find(({ kind }) => kind === "text-locality")!;
    const view = model.with(await retrievalPrompt().edit(model, [edited]));
    expect(await view.route(other)).to.include({ fires: false });
    expect(await view.score(other, edited.target)).to.deep.equal(await model.score(other, edited.target));
  });

  it("shows every question of a batch its own fact", async () => {
    const view = model.with(await retrievalPrompt().edit(model, cases.slice(0, 3)));
    for (const [entry, edited] of cases.slice(0, 3).entries())
      expect(await view.route(edited)).to.include({ fires: true, entry, case: edited.id });
  });

  it("appends in a sequence: the last edit holds all facts, and alone acts", async () => {
    const editor = retrievalPrompt();
    const first = await editor.edit(model, [cases[0]]);
    const second = await editor.edit(model.with(first), [cases[1]]);
    const third = await editor.edit(model.with(first, second), [cases[2]]);
    expect(third.supersedes).to.deep.equal([second.id]);
    const view = model.with(first, second, third);
    const batch = model.with(await editor.edit(model, cases.slice(0, 3)));
    for (const edited of cases.slice(0, 3)) {
      expect(await view.route(edited)).to.deep.equal(await batch.route(edited));
      expect(await view.score(edited, edited.target)).to.deep.equal(await batch.score(edited, edited.target));
    }
  });

  it("shows the later of two facts about one question", async () => {
    const editor = retrievalPrompt();
    const changed = { ...cases[0], id: "changed", target: cases[1].target };
    const first = await editor.edit(model, [cases[0]]);
    const view = model.with(first, await editor.edit(model.with(first), [changed]));
    expect(await view.route(cases[0])).to.include({ fires: true, entry: 1, case: "changed" });
  });

  it("keeps memories of different encoders apart", async () => {
    const first = await retrievalPrompt().edit(model, [cases[0]]);
    const second = await retrievalPrompt({ encoder: "embeddings" }).edit(model.with(first), [cases[1]]);
    expect(second.supersedes).to.equal(undefined);
  });

  it("is asked with the encoder that it was made with, and with no other of that name", async () => {
    const edit = await retrievalPrompt().edit(model, [cases[0]]);
    const scope = edit.scope as NearestTextScope;
    expect(scope.encoderDigest).to.equal(await (await model.sentenceEncoder("phantom")).digest());
    const elsewhere = { ...edit, scope: { ...scope, encoderDigest: "0".repeat(16) } };
    const error = await model
      .with(elsewhere)
      .answer(cases[0])
      .catch((error) => error);
    expect(error).to.be.instanceOf(EncoderMismatchError);
    const file = join(tmpdir(), `medke-encoder-${process.pid}.medke`);
    try {
      await savePack(file, [elsewhere], model);
      expect(await applyPack(model, await loadPack(file)).catch((error) => error)).to.be.instanceOf(
        EncoderMismatchError,
      );
      await savePack(file, [edit], model);
      expect(await (await applyPack(model, await loadPack(file))).answer(cases[0])).to.be.a("string");
    } finally {
      rmSync(file, { force: true });
    }
    // A later edit takes over nothing from keys of another encoder.
    expect((await retrievalPrompt().edit(model.with(elsewhere), [cases[1]])).supersedes).to.equal(undefined);
  });

  it("refuses a fact that does not fit the model", async () => {
    const long = { ...cases[0], target: "halden ".repeat(400) };
    const error = await retrievalPrompt()
      .edit(model, [long])
      .catch((error) => error);
    expect(error).to.be.instanceOf(ContextLengthError);
  });
});
