import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import type { EditCase } from "../../../../datasets/case.ts";
import { CarriedError } from "../../../../kernels/editors/carried.ts";
import { EDITOR_IDS, editorNamed } from "../../../../kernels/editors/index.ts";
import {
  type EditPack,
  EditPackError,
  loadPack,
  OtherModelError,
  savePack,
  applyPack,
} from "../../../../kernels/editors/pack/index.ts";
import { loadCases } from "../../../../kernels/load-cases.ts";
import { EditMismatchError } from "../../../../kernels/models/combine-edits.ts";
import type { Edit } from "../../../../kernels/models/edit.ts";
import { loadModel } from "../../../../kernels/models/load-model.ts";
import type { VisionLanguageModel } from "../../../../kernels/models/vision-language-model.ts";
import { float32 } from "../../../../kernels/tensor.ts";
import { logitDigests } from "./answers.ts";
import { forged } from "./forged.ts";

const READER = resolve(import.meta.dirname, "read-in-process.ts");

describe("edit pack", function () {
  this.timeout(300_000);
  let model: VisionLanguageModel;
  let cases: EditCase[];
  let folder: string;
  let dense: Edit;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "medke-pack-"));
    model = await loadModel("phantom", { device: "cpu" });
    cases = (await loadCases("phantom/medmkeb", { model, limit: 4 })).cases;
    dense = await editorNamed("ft-llm").edit(model, [cases[0]]);
  });
  after(async () => {
    await model?.dispose();
    rmSync(folder, { recursive: true });
  });
  const fail = (promise: Promise<unknown>) =>
    promise.then(
      () => expect.fail("was not refused"),
      (error: Error) => error,
    );

  it("of every editor gives the same logits, bit for bit, in a new process", async () => {
    const files: string[] = [];
    const expected: string[][] = [];
    for (const id of EDITOR_IDS) {
      const edit = await editorNamed(id).edit(model, [cases[0]], { corpus: cases });
      const file = join(folder, `${id}.medke`);
      const saved = await savePack(file, [edit], model);
      const loaded = await loadPack(file);
      expect(loaded, id).to.deep.equal(saved);
      expect(loaded.edits[0], id).to.deep.equal(edit);
      files.push(file);
      expected.push(await logitDigests(model.with(edit), cases[0]));
    }
    const args = ["--import", "tsx", READER, JSON.stringify({ files, asked: cases[0] })];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(JSON.parse(stdout)).to.deep.equal(expected);
    // And that is something to compare: the base model has other logits than the edited one.
    expect(expected[EDITOR_IDS.indexOf("ft-llm")]).to.not.deep.equal(await logitDigests(model, cases[0]));
  });

  it("of edits made one after another keeps them and their order", async () => {
    const file = join(folder, "sequence.medke");
    const second = await editorNamed("ft-llm").edit(model.with(dense), [cases[1]]);
    await savePack(file, [dense, second], model);
    const { edits } = await loadPack(file);
    expect(edits.map(({ id }) => id)).to.deep.equal([dense.id, second.id]);
    expect(await logitDigests(model.with(...edits), cases[1])).to.deep.equal(
      await logitDigests(model.with(dense, second), cases[1]),
    );
  });

  for (const id of ["grace", "melo", "balancedit", "wise", "ultraedit", "alphaedit", "simie", "retrieval-prompt"])
    it(`of ${id} can be gone on with as with the edit that was saved`, async () => {
      const editor = editorNamed(id);
      const first = await editor.edit(model, [cases[0]], { corpus: cases });
      const file = join(folder, `going-on-${id}.medke`);
      await savePack(file, [first], model);
      const { edits } = await loadPack(file);
      const [here, there] = [model.with(first), await applyPack(model, await loadPack(file))];
      expect(edits[0]).to.deep.equal(first);
      const next = await editor.edit(here, [cases[1]], { corpus: cases });
      expect(await editor.edit(there, [cases[1]], { corpus: cases })).to.deep.equal(next);
      // That earlier edit does count.
      expect((await editor.edit(model, [cases[1]], { corpus: cases })).id).to.not.equal(next.id);
    });

  for (const id of ["grace", "melo", "wise", "ultraedit", "simie"])
    it(`of ${id} in version 1, which carried nothing, acts as it did, and no edit can follow it`, async () => {
      const editor = editorNamed(id);
      const made = await editor.edit(model, [cases[0]], { corpus: cases });
      const { carried: _, ...old } = made;
      const file = join(folder, `old-${id}.medke`);
      await savePack(file, [old], model);
      writeFileSync(
        file,
        forged(readFileSync(file), (metadata) => (metadata.version = "1")),
      );
      const pack = await loadPack(file);
      expect(pack.version).to.equal(1);
      const view = await applyPack(model, pack);
      expect(await logitDigests(view, cases[0])).to.deep.equal(await logitDigests(model.with(made), cases[0]));
      const error = await fail(editor.edit(view, [cases[1]], { corpus: cases }));
      expect(error).to.be.instanceOf(CarriedError);
      expect(error.message).to.contain(`${id}: edit "${made.id}", which is in force, does not carry`);
    });

  it("of a sequence keeps what its edits share once", async () => {
    const editor = editorNamed("wise");
    const edits: Edit[] = [];
    for (const each of cases) edits.push(await editor.edit(model.with(...edits), [each], { corpus: cases }));
    const file = join(folder, "memories.medke");
    const { bytes } = await savePack(file, edits, model);
    const { data } = (edits[3].interventions[3] as { delta: { data: Float32Array } }).delta;
    expect(bytes).to.be.within(4 * data.byteLength, 4.2 * data.byteLength);
    expect((await loadPack(file)).edits).to.deep.equal(edits);
  });

  it("is the same bytes twice, frozen when it is loaded, and leaves nothing beside it", async () => {
    const [a, b] = [join(folder, "a.medke"), join(folder, "b.medke")];
    await savePack(a, [dense], model);
    await savePack(b, [dense], model);
    expect(readFileSync(a).equals(readFileSync(b))).to.equal(true);
    const { edits } = await loadPack(a);
    expect(() => ((edits[0].provenance.seed as number) = 7)).to.throw(TypeError);
    expect(readdirSync(folder).filter((name) => name.includes("partial"))).to.deep.equal([]);
  });

  it("says in its metadata, for any reader of safetensors, what it is", async () => {
    const file = join(folder, "meta.medke");
    const { sha256 } = await savePack(file, [dense], model);
    const bytes = readFileSync(file);
    const header = JSON.parse(bytes.toString("utf8", 8, 8 + Number(bytes.readBigUInt64LE())));
    expect(header.__metadata__).to.include({ sha256, format: "medke edit pack", version: "2" });
    expect(header.__metadata__.notice).to.match(/^Counterfactual test edit/);
    expect(header["edits.0.interventions.0.delta"]).to.include({ dtype: "F32" });
    const document = JSON.parse(header.__metadata__.document);
    expect(document.model).to.deep.equal({ id: "phantom", digest: await model.digest() });
    expect(document.edits[0].edit.provenance).to.include({ editor: "ft-llm", seed: 0 });
  });

  describe("for another base model", () => {
    const other = () =>
      new Proxy(model, {
        get: (target, name) => {
          if (name === "digest") return async () => "00000000deadbeef";
          const value = Reflect.get(target, name, target);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });

    let pack: EditPack;
    before(async () => (pack = await savePack(join(folder, "other.medke"), [dense], model)));

    it("is refused with the reason and what to do", async () => {
      const error = await fail(applyPack(other(), pack));
      expect(error).to.be.instanceOf(OtherModelError);
      expect(error.message).to.equal(
        `the pack was made on model "phantom" with digest ${await model.digest()}; "phantom" has 00000000deadbeef. ` +
          'An edit fits only the weights that it was made on. Load that model, or make the edit again on this one; "force" applies it wherever the shapes fit.',
      );
    });

    it("is applied by force where the shapes fit, and nowhere else", async () => {
      const forced = await applyPack(other(), pack, { force: true });
      expect(await logitDigests(forced, cases[0])).to.deep.equal(await logitDigests(model.with(dense), cases[0]));
      const [step] = dense.interventions;
      const wrong = { ...dense, interventions: [{ ...step, delta: float32([1, 2], [1, 2]) }] } as Edit;
      expect(await fail(applyPack(model, { ...pack, edits: [wrong] }, { force: true }))).to.be.instanceOf(
        EditMismatchError,
      );
    });
  });

  it("refuses nothing to save, an edit that does not fit the model, and a folder that is not there", async () => {
    expect((await fail(savePack(join(folder, "x.medke"), [], model))).message).to.match(
      /there is no edit to save\. Pass/,
    );
    const strange = {
      ...dense,
      interventions: [{ ...dense.interventions[0], site: "layers.99.mlp.down_proj" }],
    } as Edit;
    expect(await fail(savePack(join(folder, "x.medke"), [strange], model))).to.be.instanceOf(EditMismatchError);
    const nowhere = await fail(savePack(join(folder, "none", "x.medke"), [dense], model));
    expect(nowhere).to.be.instanceOf(EditPackError);
    expect(nowhere.message).to.match(/x\.medke cannot be written \(ENOENT.*Name a file in a folder that exists\.$/);
    mkdirSync(join(folder, "taken.medke"));
    expect((await fail(savePack(join(folder, "taken.medke"), [dense], model))).message).to.match(/cannot be written/);
    const names = readdirSync(folder);
    expect(names.filter((name) => name === "x.medke" || name.includes("partial"))).to.deep.equal([]);
  });
});
