import { expect } from "chai";
import { editorWith } from "../../../../kernels/commands/editing/editor-settings.ts";
import { EDITOR_IDS, editors } from "../../../../kernels/editors/index.ts";

describe("--set", () => {
  it("gives an editor options of the kinds that its defaults have", () => {
    const sites = ["layers.1.mlp.down_proj", "layers.2.mlp.down_proj"];
    const { options } = editorWith("memit", `steps=5,lr=1e-2,sites=${sites},variant=official`);
    expect(options).to.deep.equal(editors.memit({ steps: 5, lr: 0.01, sites, variant: "official" }).options);
    expect(editorWith("ike", "appendFact=false").options).to.include({ appendFact: false });
    // An option without a default takes text.
    expect(editorWith("grace", "site=layers.1.mlp.down_proj").options).to.include({ site: "layers.1.mlp.down_proj" });
    for (const id of ["lora", "adalora", "ultraedit"])
      expect(editorWith(id, "sites=layers.1.mlp.up_proj").options.sites).to.deep.equal(["layers.1.mlp.up_proj"]);
  });

  it("leaves every editor as it is without a value", () => {
    for (const id of EDITOR_IDS) expect(editorWith(id, undefined).options).to.deep.equal(editors[id]().options);
  });

  it("reaches the options of the inner editor that is named beside it", () => {
    const { options } = editorWith("simie", "innerOptions.depth=0.5,inner=rome,lambda=2");
    expect(options).to.include({ inner: "rome", lambda: 2 });
    expect(options.innerOptions).to.deep.equal(editors.rome({ depth: 0.5 }).options);
  });

  for (const [editor, set, message] of [
    ["memit", "stepz=3", /^unknown memit option "stepz"; did you mean "steps"\?/],
    ["memit", "steps=ten", /^--set steps=ten: memit option "steps" is a number\. The default is 25\.$/],
    ["memit", "steps=", /memit option "steps" is a number/],
    ["memit", "steps=2.5", /^memit option "steps": 2\.5 is not a whole number/],
    ["memit", "lr=-1", /^memit option "lr": -1 is not a number of at least 0/],
    ["memit", "variant=offical", /^unknown memit variant "offical"; did you mean "official"\?/],
    ["memit", "steps", /^--set "steps" is not NAME=VALUE\. Write for example --set steps=10,lr=0\.01\.$/],
    ["memit", "steps=1,steps=2", /^--set steps=\.\.\. is given twice/],
    ["ike", "appendFact=maybe", /^--set appendFact=maybe: ike option "appendFact" is true or false/],
    ["no-op", "steps=1", /^unknown no-op option "steps"\. There is none here\.$/],
    ["simie", "inner=rome,innerOptions.stepz=3", /^unknown simie innerOptions option "stepz"; did you mean "steps"\?/],
    ["simie", "innerOptions=3", /is a set of options\. Set them one by one, such as --set innerOptions\.position=/],
    ["memit", "steps.more=3", /option "steps" has no options of its own/],
    ["ft-lm", "steps=3", /^unknown editor "ft-lm"; did you mean "ft-l"\?/],
  ] as const)
    it(`refuses ${editor} --set ${set}`, () => expect(() => editorWith(editor, set)).to.throw(message));
});
