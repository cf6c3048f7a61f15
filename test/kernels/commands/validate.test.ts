import { mkdirSync, rmSync } from "node:fs";
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
    expect(text).to.match(/^id-repeated\/test +1 +0 +differs .*test\.json:21 id: 1$/m);
    expect(text).to.contain("\nmedversa: usable, differs from what was published\n");
    const report = JSON.parse(await validate(folder, "--json"));
    expect(report).to.include({ benchmark: "medversa", verdict: "usable, differs from what was published" });
    expect(report.checks.length).to.be.greaterThan(20);
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
    expect(error.message).to.contain("Pass the folder that holds medversa_test.json");
    expect(await failure("--benchmark", "medversa", folder, folder)).to.be.instanceOf(CommandLineError);
    expect((await failure(folder)).message).to.contain("--benchmark is missing");
    expect(await failure("--benchmark", "medverse", folder)).to.be.instanceOf(UnknownNameError);
  });
});
