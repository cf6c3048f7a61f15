import { expect } from "chai";
import { ike } from "../../../../kernels/editors/ike.ts";
import { evaluate } from "../../../../kernels/evaluation/evaluate.ts";
import { easyEditHead } from "../../../../kernels/evaluation/profiles/easyedit-head.ts";
import { fgvedit, fgveditExact } from "../../../../kernels/evaluation/profiles/fgvedit.ts";
import { vlkebLegacy } from "../../../../kernels/evaluation/profiles/vlkeb-legacy.ts";
import { loadCases } from "../../../../kernels/load-cases.ts";
import { loadModel } from "../../../../kernels/models/load-model.ts";
import type { VisionLanguageModel } from "../../../../kernels/models/vision-language-model.ts";
import { firsts, observationOf, probeOf } from "./made-up-observations.ts";

describe("locality where an edit puts a text between image and question", () => {
  const probe = probeOf("image-locality", { image: true, kept: true });
  /** Two image rows, a question of two tokens, an answer of one; three tokens are put in front, and one row of the question changes. */
  const base = [1, 2, 3, 4, 5];
  const edited = [1, 2, 7, 7, 7, 8, 4, 5];

  it("leaves the text's rows out: 4 of 5 rows stay", () => {
    for (const profile of [fgvedit, vlkebLegacy]) {
      const before = observationOf(profile, probe, firsts(...base));
      const after = observationOf(profile, probe, firsts(...edited), { inserted: { at: 2, rows: 3 } });
      expect(profile.score(probe, before, after, {})).to.deep.equal({ before: 1, after: 4 / 5 });
    }
  });

  it("compares unequal windows as published: image rows with rows of the text, 2 of 5 stay", () => {
    for (const profile of [fgveditExact, easyEditHead]) {
      const before = observationOf(profile, probe, firsts(...base));
      const after = observationOf(profile, probe, firsts(...edited), { inserted: { at: 2, rows: 3 } });
      expect(profile.score(probe, before, after, {})).to.deep.equal({ before: 1, after: 2 / 5 });
    }
  });

  describe("on a model", () => {
    let model: VisionLanguageModel;
    before(async () => (model = await loadModel("phantom", { device: "cpu" })));
    after(() => model?.dispose());

    it("finds the rows of the text: before them, image rows are the base model's own", async () => {
      const { cases } = await loadCases("phantom/medmkeb", { model, limit: 1 });
      const [asked] = cases;
      const view = model.with(await ike().edit(model, [asked]));
      for (const form of ["plain", "template"] as const) {
        const options = { form, positions: "all", topK: 10 } as const;
        const own = await model.observe(asked, asked.target, options);
        const seen = await view.observe(asked, asked.target, options);
        const { at, rows } = seen.inserted!;
        expect(own.inserted).to.equal(undefined);
        expect(rows)
          .to.equal(seen.length - own.length)
          .and.above(0);
        expect(at).to.be.above(0);
        expect(seen.top.slice(0, at)).to.deep.equal(own.top.slice(0, at));
        expect(seen.ids).to.deep.equal(own.ids);
      }
    });

    it("gives image locality that no image position lowers", async () => {
      const { cases } = await loadCases("phantom/medmkeb", { model, limit: 3 });
      const { rows } = await evaluate({ model, editor: ike(), cases, profiles: ["fgvedit", "fgvedit-exact"] });
      const value = (name: string) => rows.find(({ metric, profile }) => metric === "image-locality" && profile === name)!; // prettier-ignore
      expect(value("fgvedit").value).to.be.above(value("fgvedit-exact").value);
      expect(value("fgvedit").comparable_group).not.to.equal(value("fgvedit-exact").comparable_group);
    });
  });
});
