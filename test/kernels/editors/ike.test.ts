import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { ike } from "../../../kernels/editors/ike.ts";
import type { Edit } from "../../../kernels/models/edit.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { describeWithShared } from "../../shared-data.ts";
import { loadTinyVlm, TINY_VLM, tinyCases } from "../tiny-vlm.ts";

const text = (edit: Edit) => (edit.interventions[0].kind === "prefix" ? edit.interventions[0].text : "");

describeWithShared("ike", TINY_VLM, () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    model = await loadTinyVlm();
    cases = await tinyCases(model, 8);
  });
  after(() => model?.dispose());

  it("puts only the new fact in front where there is no corpus", async () => {
    const edit = await ike().edit(model, [cases[0]]);
    expect(text(edit)).to.equal(`New Fact: ${cases[0].question} ${cases[0].target}\nPrompt: `);
  });

  it("ends with the new fact and never shows the edited case as a demonstration", async () => {
    const prefix = text(await ike({ demonstrations: 2 }).edit(model, [cases[0]], { corpus: cases }));
    expect(prefix.endsWith(`New Fact: ${cases[0].question} ${cases[0].target}\nPrompt: `)).to.equal(true);
    expect(prefix.split(`New Fact: ${cases[0].question} ${cases[0].target}`)).to.have.length(2);
    expect(prefix.split("\n\n").length).to.be.greaterThan(2);
  });

  it("puts all facts of a batch in front, after demonstrations near any of them, none of which is an edited case", async () => {
    const edited = cases.slice(0, 2);
    const prefix = text(await ike({ demonstrations: 2 }).edit(model, edited, { corpus: cases }));
    const facts = edited.map(({ question, target }) => `New Fact: ${question} ${target}\n`);
    expect(prefix.endsWith(`${facts.join("")}Prompt: `)).to.equal(true);
    for (const fact of facts) expect(prefix.split(fact)).to.have.length(2);
  });

  it("drops demonstrations that do not fit the model's context and says how many it used", async () => {
    const edit = await ike({ demonstrations: 7 }).edit(model, [cases[0]], { corpus: cases });
    expect(edit.provenance.trace!.demonstrations).to.be.lessThan(7);
    expect(model.with(edit).promptLength(cases[0])).to.be.at.most(model.contextLength - 32);
  });
});
