import { expect } from "chai";
import { vqaCommand } from "../../../kernels/commands/vqa.ts";
import { CommandLineError } from "../../../kernels/commands/options.ts";
import { UnknownNameError } from "../../../kernels/errors.ts";
import type { VqaEvaluation } from "../../../kernels/evaluation/vqa/evaluate-vqa.ts";
import { runCommand } from "./run-command.ts";

describe("medke vqa", function () {
  this.timeout(120_000);
  const failure = (...args: string[]): Promise<Error> =>
    runCommand(vqaCommand, args).then(
      () => expect.fail("expected a failure"),
      (error) => error,
    );

  it("asks phantom about its own world when nothing is named, and phantom knows it", async () => {
    const told: string[] = [];
    const document = JSON.parse(await runCommand(vqaCommand, ["--limit", "40", "--json"], told)) as VqaEvaluation;
    expect(document).to.include({
      model: "phantom",
      benchmark: "phantom/vqa",
      comparable_group: "vqa.gen.exact-norm.phantom-vqa.en",
    });
    const overall = (condition: string) =>
      document.rows.find((row) => row.condition === condition && row.metric === "overall")!;
    expect(overall("model").n).to.equal(40);
    // Far beyond what the question alone gives: it looks at the image.
    expect(overall("model").value).to.be.above(0.8);
    expect(overall("question-majority").value).to.be.below(0.6);
    expect(told.join("")).not.to.contain("note:");
  });

  it("answers mistakes before a model is loaded", async () => {
    expect(await failure("--benchmark", "vqarad")).to.be.instanceOf(UnknownNameError);
    const drawn = await failure("--data", ".");
    expect(drawn).to.be.instanceOf(CommandLineError);
    expect(drawn.message).to.contain("phantom/vqa reads no files");
    expect((await failure("--benchmark", "vqa-rad", "--data", "no/such")).message).to.contain(
      "there is no such folder",
    );
  });
});
