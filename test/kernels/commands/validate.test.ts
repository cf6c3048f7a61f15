import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { BenchmarkMissingError } from "../../../datasets/read-json-array.ts";
import { NotUsableError, validateCommand } from "../../../kernels/commands/validate.ts";
import { CommandLineError } from "../../../kernels/commands/options.ts";
import { UnknownNameError } from "../../../kernels/errors.ts";
import { medversaRecord, scratchCopy } from "../../datasets/scratch-copy.ts";
import { runCommand } from "./run-command.ts";

describe("medke validate", () => {
  let folder = "";
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const validate = (...args: string[]) => runCommand(validateCommand, ["--benchmark", "medversa", ...args]);
  const failure = (...args: string[]): Promise<Error> =>
    runCommand(validateCommand, args).then(
      () => expect.fail("expected a failure"),
      (error) => error,
    );

  it("prints files, findings and the verdict", async () => {
    folder = scratchCopy({ "test.json": [medversaRecord(1), medversaRecord(1)] });
    const text = await validate(folder);
    expect(text).to.match(/^test\.json +test +2 +[0-9a-f]{16} +no published file$/m);
    expect(text).to.match(/^id-repeated\/test +1 +- +warning .*test\.json:21 id: 1$/m);
    expect(text).not.to.contain("differs");
    expect(text)
      .to.match(/^\d+ further checks found nothing\.$/m)
      .and.to.match(/^\d+ further counts in --json\.$/m);
    expect(text).to.contain("\nmedversa: usable, another set than the published one\n");
    const report = JSON.parse(await validate(folder, "--json"));
    expect(report).to.include({
      benchmark: "medversa",
      set: "another",
      verdict: "usable, another set than the published one",
    });
    expect(report.checks.length).to.be.greaterThan(20);
  });

  it("measures a copy of the published size by the published counts", async () => {
    folder = scratchCopy({ "test.json": Array.from({ length: 999 }, (_, i) => medversaRecord(i + 6)) });
    const text = await validate(folder);
    expect(text).to.match(/^records\/test +999 +1000 +differs /m);
    expect(text).to.match(/^medversa: usable, differs from what was published\n {2}test\.json: not byte for byte/m);
  });

  it("sums up absent images in one line, and says what can be done without them", async () => {
    folder = scratchCopy({ "eval.json": [] });
    const record = {
      src: "Is it?",
      rephrase: "Is it so?",
      pred: "yes",
      alt: "no",
      image: "a.png",
      image_rephrase: "b.png",
    };
    const rest = { loc: "Who?", loc_ans: "Me", m_loc: "c.png", m_loc_q: "What?", m_loc_a: "That" };
    writeFileSync(join(folder, "eval.json"), JSON.stringify([{ ...record, ...rest }]));
    const text = await runCommand(validateCommand, ["--benchmark", "vlkeb", folder]);
    expect(text.match(/lead to no file/g)).to.have.length(1);
    expect(text).to.contain(
      "3 image references lead to no file: the image file is missing (fields image 1, image_rephrase 1, m_loc 1)",
    );
  });

  it("takes what medke fetch downloaded where no PATH is given", async () => {
    folder = scratchCopy({ "medke/benchmarks/medversa/test.json": [medversaRecord(1)] });
    for (const below of ["models", "data"]) mkdirSync(join(folder, below));
    const before = { MEDKE_DATA: process.env.MEDKE_DATA, XDG_CACHE_HOME: process.env.XDG_CACHE_HOME };
    Object.assign(process.env, { MEDKE_DATA: folder, XDG_CACHE_HOME: folder });
    try {
      expect(JSON.parse(await validate("--json")).files).to.have.lengthOf(1);
    } finally {
      for (const [name, value] of Object.entries(before))
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
    }
  });

  it("fails where the copy cannot be used", async () => {
    folder = scratchCopy({ "test.json": [medversaRecord(1, { prompt: 5 })] });
    const error = await failure("--benchmark", "medversa", folder);
    expect(error).to.be.instanceOf(NotUsableError);
    expect(error.message).to.contain("malformed/test: 1 found");
  });

  it("names what it looked for, and what is missing from the command line", async () => {
    folder = scratchCopy({ "notes.txt": "" });
    const error = await failure("--benchmark", "medversa", folder);
    expect(error).to.be.instanceOf(BenchmarkMissingError);
    expect(error.message, "no pattern that only programmers read").to.contain("medmcqa_edit_*_final_new.json, or one");
    expect(error.message).to.contain("Pass the folder that holds medversa_test.json");
    expect(await failure("--benchmark", "medversa", folder, folder)).to.be.instanceOf(CommandLineError);
    const images = await failure("--benchmark", "medversa", folder, "--images", "no/such");
    expect(images.message).to.match(/^--images .*no\/such: there is no such folder\. Pass the one/);
    expect((await failure(folder)).message).to.contain("--benchmark is missing");
    expect((await failure("--benchmark", "phantom/medmkeb")).message).to.contain(
      "it is drawn, so there are no files to check",
    );
    expect(await failure("--benchmark", "medverse", folder)).to.be.instanceOf(UnknownNameError);
  });
});
