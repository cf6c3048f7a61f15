import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { UnknownNameError } from "../../../kernels/errors.ts";
import { EMBEDDED_MODELS, locateModel } from "../../../kernels/models/embedded-models.ts";
import { embeddedModels } from "../../../kernels/models/list-models.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";

describe("a model that comes with medke", () => {
  let folder: string;
  const cwd = process.cwd();
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "medke-embedded-"))));
  afterEach(() => {
    process.chdir(cwd);
    rmSync(folder, { recursive: true });
  });

  it("is loaded by its name, which is its id", async () => {
    for (const name of EMBEDDED_MODELS) {
      const model = await loadModel(name, { device: "cpu" });
      expect(model.id).to.equal(name);
      await model.dispose();
    }
  });

  it("is listed with what it needs and a path that exists", () => {
    for (const { path, needs } of embeddedModels()) {
      expect(existsSync(join(path, "config.json"))).to.equal(true);
      expect(needs).to.match(/^the CPU or a WebGPU adapter, and images \(128 x 128 after preparation\); comes with/);
    }
  });

  it("gives way to a folder of the same name that is written as a path, and only then", () => {
    process.chdir(folder);
    mkdirSync("phantom");
    expect(locateModel("./phantom")).to.deep.equal({ path: "./phantom" });
    expect(locateModel(join(folder, "phantom"))).to.deep.equal({ path: join(folder, "phantom") });
    expect(locateModel("phantom").id).to.equal("phantom");
  });

  it("is offered for a mistyped name, but not for a path or the name of a folder that exists", () => {
    process.chdir(folder);
    expect(() => locateModel("phanton")).to.throw(
      UnknownNameError,
      'unknown model "phanton"; did you mean "phantom"? Known: phantom.',
    );
    expect(locateModel("models/phanton")).to.deep.equal({ path: "models/phanton" });
    expect(locateModel("llava")).to.deep.equal({ path: "llava" });
    mkdirSync("phanton");
    expect(locateModel("phanton")).to.deep.equal({ path: "phanton" });
  });

  it("makes way for the models of the data folder, which are found by the names that medke models lists", () => {
    const before = process.env.MEDKE_DATA;
    process.chdir(folder);
    for (const name of ["data", "models", "models/tiny-vlm"]) mkdirSync(name);
    try {
      process.env.MEDKE_DATA = folder;
      expect(locateModel("tiny-vlm")).to.deep.equal({ path: join(folder, "models", "tiny-vlm") });
      expect(locateModel("tiny-vlx")).to.deep.equal({ path: "tiny-vlx" });
      expect(locateModel("phantom").id).to.equal("phantom");
    } finally {
      if (before === undefined) delete process.env.MEDKE_DATA;
      else process.env.MEDKE_DATA = before;
    }
  });
});
