import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { statsCommand } from "../../../kernels/commands/stats.ts";
import { runCommand } from "./run-command.ts";

describe("medke stats", () => {
  const cache = process.env.XDG_CACHE_HOME;
  let folder: string;
  before(() => (process.env.XDG_CACHE_HOME = folder = mkdtempSync(join(tmpdir(), "medke-stats-"))));
  after(() => {
    if (cache === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = cache;
    rmSync(folder, { recursive: true });
  });

  it("gathers the chosen sites and says what was found and where it lies", async () => {
    const args = ["--limit", "6", "--site", "layers.2.mlp.down_proj,layers.1.mlp.down_proj", "--device", "cpu"];
    const { model, corpus, sites } = JSON.parse(await runCommand(statsCommand, [...args, "--json"]));
    expect([model, corpus]).to.deep.equal(["phantom", "phantom training questions (6 texts, seed 0)"]);
    expect(sites.map(({ site }: { site: string }) => site)).to.deep.equal([
      "layers.2.mlp.down_proj",
      "layers.1.mlp.down_proj",
    ]);
    for (const { tokens, width, effectiveRank, file, digest } of sites) {
      expect(tokens).to.be.within(100, 1000);
      expect(effectiveRank).to.be.within(1, Math.min(tokens, width));
      expect(file).to.equal(join(folder, "medke", "statistics", `${digest}.moment`));
    }
    // The second time it is read, and the table says the same.
    const table = await runCommand(statsCommand, args);
    expect(table).to.match(/layers\.2\.mlp\.down_proj +\d+ +\d+ +\d+\.\d/);
    // Its columns are explained below it, and in the help.
    const below = table.split("\n").at(-1)!;
    for (const column of ["tokens: ", "effective rank: ", "condition: ", "free at 0.02: "])
      expect(below).to.contain(column);
    expect(statsCommand.summary).to.contain(below);
  });

  it("refuses a site and a benchmark that do not exist", async () => {
    const message = (args: string[]) => runCommand(statsCommand, args).catch((e: Error) => e.message);
    expect(await message(["--site", "layers.9.mlp.down_proj", "--device", "cpu"])).to.match(
      /there is no site "layers\.9/,
    );
    expect(await message(["--benchmark", "vqa-rat"])).to.match(/did you mean "vqa-rad"/);
  });
});
