import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { editCommand } from "../../../../kernels/commands/edit.ts";
import { chosenEditor } from "../../../../kernels/commands/editing/chosen-statistics.ts";
import { evaluateCommand } from "../../../../kernels/commands/evaluate.ts";
import { packCommand } from "../../../../kernels/commands/pack.ts";
import type { Evaluation } from "../../../../kernels/evaluation/result.ts";
import { runCommand } from "../run-command.ts";

describe("--statistics", function () {
  this.timeout(300_000);
  const cache = process.env.XDG_CACHE_HOME;
  let folder: string;
  before(() => (process.env.XDG_CACHE_HOME = folder = mkdtempSync(join(tmpdir(), "medke-chosen-"))));
  after(() => {
    if (cache === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = cache;
    rmSync(folder, { recursive: true });
  });

  const args = ["--editor", "r-rome", "--set", "steps=2", "--limit", "1", "--device", "cpu"];
  const over = (name: string) => ["--statistics", name, "--statistics-limit", "4"];

  it("is in the document and in every stored result, which another choice does not reuse", async () => {
    const store = join(folder, "store");
    const run = async (...more: string[]) => {
      const told: string[] = [];
      const printed = await runCommand(evaluateCommand, [...args, "--store", store, "--json", ...more], told);
      return { evaluation: JSON.parse(printed) as Evaluation, told: told.join("") };
    };
    const first = await run(...over("phantom/vqa:test"));
    expect(first.told).to.contain("r-rome with steps=2\n").and.to.contain("1 test done now and kept\n");
    expect(first.evaluation.editor_options).to.include({ steps: 2, covariance: "statistics" });
    expect(first.evaluation.statistics!.corpus).to.equal("phantom/vqa test (4 texts)");
    const { provenance, trace } = { provenance: first.evaluation.cases[0].edit!, ...first.evaluation.cases[0].edit! };
    expect(provenance.options).to.include({ steps: 2 });
    expect(trace!.covariance).to.match(/^phantom\/vqa test \(4 texts\); \d+ tokens; [0-9a-f]{16}$/);

    const other = await run(...over("phantom/vqa:validation"));
    expect(other.told).to.contain("1 test done now and kept\n");
    expect(other.evaluation.statistics!.digest).not.to.equal(first.evaluation.statistics!.digest);
    const none = await run("--statistics", "identity");
    expect(none.told).to.contain("1 test done now and kept\n");
    expect(none.evaluation).to.not.have.property("statistics");
    expect(none.evaluation.cases[0].edit!.trace!.covariance).to.equal("identity");
    expect((await run("--set", "lr=0.4", ...over("phantom/vqa:test"))).told).to.contain("1 test done now and kept\n");

    const again = await run(...over("phantom/vqa:test"));
    expect(again.told).to.contain("0 tests done now and kept, 1 found there\n");
    expect(again.evaluation.run.id).to.equal(first.evaluation.run.id);
    const ids = [first, other, none].map(({ evaluation }) => evaluation.run.id);
    expect(new Set(ids).size).to.equal(3);
  });

  it("is in an edit and shown by medke pack", async () => {
    const file = join(folder, "edit.medke");
    await runCommand(editCommand, [...args, "--out", file, ...over("phantom/vqa:test")]);
    const { edits } = JSON.parse(await runCommand(packCommand, [file, "--json"]));
    expect(edits[0].statistics).to.have.keys("corpus", "tokens", "digests");
    expect(edits[0].statistics.corpus).to.equal("phantom/vqa test (4 texts)");
    const [digest] = edits[0].statistics.digests;
    expect(await runCommand(packCommand, [file])).to.contain(
      `statistics of keys: phantom/vqa test (4 texts), ${edits[0].statistics.tokens} tokens, digest ${digest.slice(0, 8)}…\n`,
    );
    await runCommand(editCommand, [...args, "--out", file, "--statistics", "identity"]);
    expect(await runCommand(packCommand, [file])).to.contain("statistics of keys: none, the identity\n");
    await runCommand(editCommand, ["--editor", "no-op", "--device", "cpu", "--out", file]);
    expect(await runCommand(packCommand, [file])).not.to.contain("statistics");
  });

  it("as identity is the editor's own option, or that of the editor it wraps", () => {
    expect(chosenEditor("memit", { statistics: "identity" }).options).to.include({ covariance: "identity" });
    const simie = chosenEditor("simie", { statistics: "identity", set: "innerOptions.steps=3" });
    expect(simie.options.innerOptions).to.include({ covariance: "identity", steps: 3 });
    expect(simie.needs).not.to.include("statistics");
  });

  const message = (...more: string[]) =>
    runCommand(evaluateCommand, ["--model", "no-such-model", ...more]).catch((error: Error) => error.message);
  for (const [more, expected] of [
    ["--editor ft-llm --statistics vqa-rad", /^--statistics: ft-llm takes no statistics of keys\. .*one of alphaedit, /],
    ["--editor ft-llm --statistics identity", /^--statistics: ft-llm takes no statistics/],
    [
      "--editor memit --set covariance=identity --statistics vqa-rad",
      /memit with covariance=identity takes no statistics/,
    ],
    ["--editor memit --statistics vqa-rd", /^unknown --statistics "vqa-rd"; did you mean "vqa-rad"\?/],
    ["--editor memit --statistics identiy", /^unknown --statistics "identiy"; did you mean "identity"\?/],
    ["--editor memit --statistics phantom/vqa:tset", /^unknown phantom\/vqa split "tset"; did you mean "test"\?/],
    ["--editor memit --statistics phantom/medmkeb:test", /split for statistics "test"\. Known: train\.$/],
    ["--editor memit --statistics phantom/medversa", /its records are no questions with answers/],
    ["--editor memit --statistics vqa-rad --statistics-data no/such", /^--statistics-data no\/such: there is no such/],
    ["--editor memit --statistics phantom/vqa --statistics-data x", /^--statistics-data: phantom\/vqa reads no files/],
    ["--editor memit --statistics phantom/vqa --statistics-limit 0", /^--statistics-limit "0" is not a whole number/],
    ["--editor memit --statistics-limit 5", /^--statistics-limit belongs to a benchmark\. Add --statistics BENCHMARK/],
  ] as const)
    it(`refuses ${more}, before the model is loaded`, async () => expect(await message(...more.split(" "))).to.match(expected)); // prettier-ignore
});
