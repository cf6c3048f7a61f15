import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { CancelledError } from "../../../kernels/errors.ts";
import { confuseCommand } from "../../../kernels/commands/confuse.ts";
import { confusionTable } from "../../../kernels/evaluation/confusion/confusion-table.ts";
import type { ConfusionEvaluation } from "../../../kernels/evaluation/confusion/result.ts";
import { runCommand } from "./run-command.ts";

const failure = (...args: string[]): Promise<string> =>
  runCommand(confuseCommand, args).then(
    () => "",
    (error: Error) => error.message,
  );

describe("medke confuse", () => {
  it("measures the phantom on pairs that its own encoder confuses, and shows the baselines", async () => {
    // A picture that cannot be written is the user's matter, told like any other file.
    const plot = join(tmpdir(), "medke-no-such-folder", "x.svg");
    expect(await failure("--limit", "2", "--plot", plot)).to.match(/^--plot .*x\.svg: cannot be written/);
    const told: string[] = [];
    const document = JSON.parse(
      await runCommand(confuseCommand, ["--limit", "6", "--mode", "ps", "--json"], told),
    ) as ConfusionEvaluation;
    expect(told[0]).to.equal("drawing images and looking for 6 pairs that phantom finds alike\n");
    expect(document.pairs.length).to.equal(6);
    expect(document.comparable_group).to.equal("pairs.phantom-mediconfusion.ps.corrected.independent");
    for (const { scores, replies } of document.pairs) {
      for (const { A, B } of scores) expect([A, B].every((score) => score > 0 && score <= 1)).to.equal(true);
      expect(replies).to.equal(undefined);
    }
    const { head, rows } = confusionTable(document);
    expect(head.slice(1)).to.deep.equal(["set", "individual", "confusion", "invalid", "precision"]);
    expect(rows[0][0]).to.equal("All");
    // Six pairs, one of each modality: a pair counts once in its category, and under the official rule once for each of its images.
    const sets = (variant: "official" | "corrected") =>
      confusionTable({ ...document, variant }).rows.find(([name]) => name === "fundus")![1];
    expect(sets("corrected")).to.match(/ of 1$/);
    expect(sets("official")).to.match(/ of 2$/);
    expect(rows.find(([name]) => name.includes("coin for each image"))!.slice(1, 4)).to.deep.equal([
      "25.0",
      "50.0",
      "50.0",
    ]);
  }).timeout(300_000);

  it("says at once what it does without a limit, that it takes minutes, and how to see something sooner", async () => {
    const told: string[] = [];
    const stop = new AbortController();
    const progress = { isTTY: false, write: (text: string) => (told.push(text), stop.abort(), true) };
    const run = confuseCommand.run([], {
      signal: stop.signal,
      out: () => {},
      progress: progress as unknown as NodeJS.WriteStream,
    });
    await run.then(
      () => expect.fail("it was stopped"),
      (error: Error) => expect(error).to.be.instanceOf(CancelledError),
    );
    expect(told[0]).to.match(
      /^drawing images and looking for 240 pairs .*takes minutes, --limit 20 is a quick look at others\n$/,
    );
  });

  it("refuses wrong names, a folder that nothing reads and a judge without replies before anything is loaded", async () => {
    expect(await failure("--mode", "mx")).to.match(/unknown mode "mx"/);
    expect(await failure("--pairs", "phantm")).to.match(/did you mean "phantom"/);
    expect(await failure("--data", "somewhere")).to.match(/phantom pairs are drawn/);
    expect(await failure("--judge", "http://localhost:1/v1", "--judge-model", "m")).to.match(/only mode ff/);
    expect(await failure("--mode", "ff", "--judge", "http://localhost:1/v1")).to.match(/--judge-model is missing/);
    expect(
      await failure("--mode", "ff", "--judge", "http://localhost:1/v1", "--judge-model", "m", "--judge-prices", "1"),
    ).to.match(/is not two prices/);
  });
});
