import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { expect } from "chai";
import type { EditCase } from "../../datasets/case.ts";
import { loadCases } from "../../kernels/load-cases.ts";
import { loadModel } from "../../kernels/models/load-model.ts";
import { medke, ownWords, ROOT } from "./medke.ts";

describe("medke edit, pack and apply", function () {
  this.timeout(300_000);
  let folder: string;
  let file: string;
  let edited: EditCase;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "medke-edit-"));
    file = join(folder, "first.medke");
    const model = await loadModel("phantom", { device: "cpu" });
    [edited] = (await loadCases("phantom/medmkeb", { model, limit: 1 })).cases;
    await model.dispose();
    const made = await medke(["edit", "--editor", "ft-llm", "--limit", "1", "--device", "cpu", "--out", file]);
    expect(made.code, made.stderr).to.equal(0);
    expect(made.stdout)
      .to.contain("delta float32 [512, 192], 393,216 bytes")
      .and.to.contain("Counterfactual test edit");
  });
  after(() => rmSync(folder, { recursive: true }));

  const apply = (path: string, ...more: string[]) => {
    const { image, question } = edited;
    return medke(["apply", path, "--question", question, "--image", image!.path, "--device", "cpu", ...more]);
  };

  it("shows the answer before and after, with the label", async () => {
    const { code, stdout } = await apply(file);
    expect(code).to.equal(0);
    expect(stdout).to.equal(
      `question: ${edited.question}\nbefore:   ${edited.answer}\nafter:    ${edited.target}   [counterfactual test edit]\n\n` +
        "Counterfactual test edit: the target is deliberately false and is not medical information.\n",
    );
    const document = JSON.parse((await apply(file, "--json")).stdout);
    expect(document).to.include({ before: edited.answer, after: edited.target, changed: true, model: "phantom" });
    expect(document).to.include({ label: "counterfactual test edit", image: basename(edited.image!.path) });
  });

  it("says what a pack holds", async () => {
    const { code, stdout } = await medke(["pack", file, "--json"]);
    expect(code).to.equal(0);
    const { version, model, sha256, edits } = JSON.parse(stdout);
    expect([version, model.id, edits.length]).to.deep.equal([2, "phantom", 1]);
    expect(sha256).to.match(/^[0-9a-f]{64}$/);
    expect(edits[0]).to.include({ editor: "ft-llm", seed: 0, scope: "always" });
    expect(edits[0].cases).to.deep.equal([edited.id]);
    expect(edits[0].interventions[0].tensors).to.deep.equal([
      { name: "delta", type: "float32", dims: [512, 192], bytes: 393216 },
    ]);
    const text = await medke(["pack", file]);
    expect(text.stdout)
      .to.contain(`content sha256 ${sha256}, as it should be`)
      .and.to.contain("base model phantom, digest ");
  });

  it("edits several cases at once, or says that an editor cannot", async () => {
    const both = join(folder, "both.medke");
    const args = ["edit", "--editor", "oracle", "--limit", "2", "--device", "cpu", "--out", both, "--json"];
    const { stdout } = await medke(args);
    expect(JSON.parse(stdout).edits[0].cases).to.have.length(2);
    // An edit that knows images by name is told the name.
    const named = JSON.parse((await apply(both, "--image-id", edited.image!.id, "--json")).stdout);
    expect(named).to.include({ fired: true, after: edited.target });
    expect(JSON.parse((await apply(both, "--json")).stdout)).to.include({ fired: false, after: edited.answer });
  });

  it("refuses a file in which one byte was changed, in one paragraph", async () => {
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] ^= 1;
    const changed = join(folder, "changed.medke");
    writeFileSync(changed, bytes);
    for (const run of [medke(["pack", changed]), apply(changed)]) {
      const { code, stdout, stderr } = await run;
      expect([code, stdout]).to.deep.equal([1, ""]);
      expect(ownWords(stderr)).to.match(/changed\.medke: its content has the digest .* Fetch the file again/);
    }
  });

  it("refuses another base model with the reason, and applies by force what fits", async () => {
    const other = join(folder, "other");
    cpSync(resolve(ROOT, "kernels/models/phantom/weights"), other, { recursive: true });
    const config = join(other, "config.json");
    writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, "utf8")), note: "another model" }));
    const refused = await apply(file, "--model", other);
    expect([refused.code, refused.stdout]).to.deep.equal([1, ""]);
    expect(ownWords(refused.stderr)).to.match(
      /^medke: the pack was made on model "phantom" with digest [0-9a-f]{16}; "other" has [0-9a-f]{16}\. An edit fits only the weights .*; --force applies it wherever the shapes fit\.$/,
    );
    const forced = JSON.parse((await apply(file, "--model", other, "--force", "--json")).stdout);
    expect(forced).to.include({ model: "other", after: edited.target });
  });

  for (const [what, args, message] of [
    ["no options", ["edit"], /--editor, --out are missing\. Add for example --editor ft-llm --out edit\.medke\./],
    ["an unknown editor", ["edit", "--editor", "ft-lm", "--out", "x"], /unknown editor "ft-lm"; did you mean "ft-l"\?/],
    ["a benchmark without edits", ["edit", "--editor", "ike", "--out", "x", "--benchmark", "slake"], /hold no edits/],
    ["a pack without a name", ["pack"], /pack takes one \.medke file, not 0/],
    ["a pack that is not there", ["pack", "none.medke"], /none\.medke: it cannot be read \(ENOENT/],
    ["no question", ["apply", "none.medke"], /--question is missing/],
    [
      "a question before the pack is read",
      ["apply", "none.medke", "--question", "?"],
      /none\.medke: it cannot be read/,
    ],
  ] as const)
    it(`answers ${what} with what to do`, async () => {
      const { code, stderr } = await medke([...args]);
      expect(code).to.equal(1);
      expect(ownWords(stderr)).to.match(message);
    });
});
