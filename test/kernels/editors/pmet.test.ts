import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { emmet } from "../../../kernels/editors/emmet.ts";
import { factValue } from "../../../kernels/editors/locate/fact-value.ts";
import { LOCATE_DEFAULTS } from "../../../kernels/editors/locate/locate-options.ts";
import { memit } from "../../../kernels/editors/memit.ts";
import { UnknownNameError } from "../../../kernels/errors.ts";
import { pmet } from "../../../kernels/editors/pmet.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";

const query = ({ image, question }: EditCase) => ({ image, question });

describe("pmet, emmet and memit on several layers and facts", () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    model = await loadModel("phantom", { device: "cpu" });
    ({ cases } = await loadCases("phantom/medmkeb", { model, limit: 3 }));
  });
  after(() => model?.dispose());

  it("emmet without a ridge gives every key of a batch exactly its value", async () => {
    const edit = await emmet({ ridge: 0 }).edit(model, cases);
    const site = "layers.1.output";
    const call = { editor: "emmet", options: LOCATE_DEFAULTS, contexts: [], context: {} };
    const rows = edit.provenance.trace!.row as number[];
    for (const [i, each] of cases.entries()) {
      const { start, deltas } = await factValue(call, model, each, [site]);
      const { values } = await model.with(edit).states(query(each), [{ site, of: "output" }]);
      const width = values[0].dims[1];
      const gap = Math.hypot(...start[0].map((value, j) => value + deltas[0][j] - values[0].data[rows[i] * width + j]));
      expect(gap / Math.hypot(...deltas[0])).to.be.lessThan(1e-3);
    }
  });

  it("memit writes several layers and says every target of a batch", async () => {
    const edit = await memit().edit(model, cases);
    expect(edit.interventions.map((step) => "site" in step && step.site)).to.deep.equal(
      [1, 2, 3].map((layer) => `layers.${layer}.mlp.down_proj`),
    );
    for (const each of cases) expect(await model.with(edit).answer(query(each))).to.equal(each.target);
  });

  it("pmet has one way to write, so that nobody chooses a variant that does nothing", () => {
    expect(pmet().options).to.not.have.property("variant");
    expect(() => pmet({ variant: "official" } as object)).to.throw(UnknownNameError, 'unknown pmet option "variant"');
  });

  it("pmet optimises at attention and MLP, writes the MLPs alone, and nothing in zero steps", async () => {
    const edit = await pmet().edit(model, [cases[0]]);
    for (const step of edit.interventions) expect("site" in step && step.site).to.match(/down_proj$/);
    const losses = edit.provenance.trace!.loss as number[];
    expect(losses.at(-1)).to.be.lessThan(losses[0] / 10);
    const none = model.with(await pmet({ steps: 0 }).edit(model, [cases[0]]));
    expect(await none.score(cases[0], cases[0].target)).to.deep.equal(await model.score(cases[0], cases[0].target));
  });
});
