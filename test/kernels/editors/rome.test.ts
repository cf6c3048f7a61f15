import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import type { Edit } from "../../../kernels/editors/editor.ts";
import { essenceOf } from "../../../kernels/editors/locate/essence.ts";
import { factValue } from "../../../kernels/editors/locate/fact-value.ts";
import { LOCATE_DEFAULTS, type LocateCall } from "../../../kernels/editors/locate/locate-options.ts";
import { rRome } from "../../../kernels/editors/r-rome.ts";
import { rome } from "../../../kernels/editors/rome.ts";
import { casesCorpus } from "../../../kernels/editors/statistics/corpus.ts";
import { gatheredStatistics } from "../../../kernels/editors/statistics/gathered-statistics.ts";
import type { StatisticsSource } from "../../../kernels/editors/statistics-source.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import { shiftParameter } from "../../../kernels/models/trainables.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { float32 } from "../../../kernels/tensor.ts";

const site = "layers.1.mlp.down_proj";
const query = ({ image, question }: EditCase) => ({ image, question });

describe("rome and r-rome", () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  let facts: EditCase[];
  let statistics: StatisticsSource;
  before(async () => {
    model = await loadModel("phantom", { device: "cpu" });
    ({ cases } = await loadCases("phantom/medmkeb", { model, limit: 4 }));
    facts = (await loadCases("phantom/medversa", { model, limit: 2 })).cases;
    statistics = gatheredStatistics(model, { corpus: casesCorpus("four cases", cases), folder: null });
  });
  after(() => model?.dispose());

  const call = (options: object = {}): LocateCall => ({
    ...{ editor: "rome", contexts: [], context: {} },
    options: { ...LOCATE_DEFAULTS, ...options },
  });

  /** What a view gives at the site in the row that an edit names. */
  async function outputAt(view: VisionLanguageModel, edit: Edit, of: EditCase): Promise<Float32Array> {
    const { values } = await view.states(query(of), [{ site, of: "output" }]);
    const [{ data, dims }] = values;
    const row = edit.provenance.trace!.row as number;
    return data.slice(row * dims[1], (row + 1) * dims[1]);
  }

  for (const [name, make] of Object.entries({ rome, "r-rome": rRome }))
    for (const covariance of ["statistics", "identity"] as const)
      it(`${name} gives the key exactly the value that was optimised, with covariance ${covariance}`, async () => {
        const edit = await make({ covariance }).edit(model, [cases[0]], { statistics });
        const { start, deltas } = await factValue(call(), model, cases[0], [site]);
        const now = await outputAt(model.with(edit), edit, cases[0]);
        const size = Math.hypot(...start[0]) + Math.hypot(...deltas[0]);
        const gap = Math.hypot(...now.map((value, i) => value - start[0][i] - deltas[0][i]));
        expect(Math.hypot(...deltas[0])).to.be.greaterThan(0.1);
        expect(gap / size).to.be.lessThan(1e-4);
        const used = edit.provenance.trace!.covariance as string;
        expect(used).to.match(covariance === "identity" ? /^identity$/ : /^four cases .* tokens; [0-9a-f]{16}$/);
      });

  it("makes the model say the target", async () => {
    for (const each of cases)
      expect(await model.with(await rRome().edit(model, [each], { statistics })).answer(query(each))).to.equal(
        each.target,
      );
  });

  it("says that it took the identity where nobody gave statistics", async () => {
    const { provenance } = await rome({ steps: 1 }).edit(model, [cases[0]]);
    expect(provenance.trace).to.include({ covariance: "identity" });
  });

  it("changes nothing in zero steps, nor in one, whose last pass takes no step", async () => {
    const before = await model.score(cases[0], cases[0].target);
    for (const steps of [0, 1])
      for (const contexts of [0, 2]) {
        const view = model.with(await rRome({ steps, contexts }).edit(model, [cases[0]]));
        expect(await view.score(cases[0], cases[0].target)).to.deep.equal(before);
      }
  });

  it("is one editor with one context, and two with several", async () => {
    const make = async (contexts: number) =>
      Promise.all([rome, rRome].map((each) => each({ contexts, steps: 3 }).edit(model, [cases[1]], { statistics })));
    const [a, b] = await make(0);
    expect(a.id).to.equal(b.id);
    const [c, d] = await make(2);
    expect(c.id).not.to.equal(d.id);
    const texts = JSON.parse(c.provenance.trace!.contexts as string) as string[];
    expect(texts).to.have.length(2);
    expect(d.provenance.trace!.contexts).to.equal(c.provenance.trace!.contexts);
    for (const text of texts) expect(text).to.match(/^(The|Therefore) .+\. $/);
  });

  it("takes the key where the option says", async () => {
    const rowAt = async (position: "last-prompt-token" | "last-image-token" | "subject") =>
      (await rome({ position, steps: 1 }).edit(model, [cases[0]])).provenance.trace!;
    const [, past] = (await model.imageRows(query(cases[0])))!;
    expect((await rowAt("last-prompt-token")).row).to.equal(model.promptLength(query(cases[0])) - 1);
    expect((await rowAt("last-image-token")).row).to.equal(past - 1);
    const { row, words } = await rowAt("subject");
    expect(cases[0].question).to.include(words as string);
    expect(row).to.be.lessThan(model.promptLength(query(cases[0])) - 1);
  });

  it("keeps what the model says of the subject, where the benchmark names one", async () => {
    const named = { ...facts[0], meta: { ...facts[0].meta, subject: facts[0].meta.subject ?? "the aurel" } };
    // The divergence at the essence prompt with the optimised vector in place there.
    const change = async (weight: number) => {
      const { deltas } = await factValue(call({ essence: weight, steps: 10, stopBelow: 0 }), model, named, [site]);
      const { example, floor } = (await essenceOf(call({ essence: 1 }), model, named, [site]))!;
      const trainables = [{ kind: "shift" as const, site }];
      const objective = await model.objective({ trainables, examples: [example] });
      const at = (delta: Float32Array) => ({ [shiftParameter(site)]: float32(delta, [delta.length]) });
      const [none, some] = [
        await objective.evaluate(at(new Float32Array(deltas[0].length))),
        await objective.evaluate(at(deltas[0])),
      ];
      await objective.release();
      expect(none.loss - floor).to.be.closeTo(0, 1e-4);
      return some.loss - floor;
    };
    expect(await change(5)).to.be.lessThan((await change(0)) / 2);
    expect(await essenceOf(call(), model, cases[0], [site])).to.equal(undefined);
  });

  it("goes on from a view: the edit is the increment, and the earlier fact is undone with its edit", async () => {
    const first = await rRome().edit(model, [cases[0]], { statistics });
    const second = await rRome().edit(model.with(first), [cases[1]], { statistics });
    expect(second.interventions).to.have.length(1);
    expect(await model.with(first, second).answer(query(cases[1]))).to.equal(cases[1].target);
    expect((await rRome().edit(model, [cases[1]], { statistics })).id).not.to.equal(second.id);
  });

  it("writes several cases one after another, each on the model with those before it", async () => {
    const edit = await rRome().edit(model, cases.slice(0, 2), { statistics });
    const first = await rRome().edit(model, [cases[0]], { statistics });
    expect(edit.interventions[0]).to.deep.equal(first.interventions[0]);
    const second = await rRome().edit(model.with(first), [cases[1]], { statistics });
    expect(edit.interventions[1]).to.deep.equal(second.interventions[0]);
  });
});
