import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { benchmarkFolder } from "../../datasets/benchmark-folder.ts";
import { DataFolderMissingError } from "../../datasets/data-folder.ts";
import { BenchmarkMissingError } from "../../datasets/read-json-array.ts";

describe("benchmarkFolder", () => {
  let root = "";
  let env: NodeJS.ProcessEnv = {};
  const make = (...parts: string[]) => {
    const folder = join(root, ...parts);
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "medke-benchmark-"));
    make("user", "models");
    make("user", "data");
    env = { MEDKE_DATA: join(root, "user"), XDG_CACHE_HOME: join(root, "cache") };
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("takes what was fetched, and the user's data folder before it", () => {
    const fetched = make("cache", "medke", "benchmarks", "medcf");
    expect(benchmarkFolder("medcf", env)).to.equal(fetched);
    const own = make("user", "data", "medcf");
    expect(benchmarkFolder("medcf", env)).to.equal(own);
  });

  it("finds MedCF++ in the files of MedCF", () => {
    const medcf = make("cache", "medke", "benchmarks", "medcf");
    expect(benchmarkFolder("medcf++", env)).to.equal(medcf);
    const own = make("cache", "medke", "benchmarks", "medcf++");
    expect(benchmarkFolder("medcf++", env)).to.equal(own);
  });

  it("says where it looked and how to get the files", () => {
    expect(() => benchmarkFolder("medcf", env)).to.throw(
      BenchmarkMissingError,
      /^medcf: .*user.data.medcf, .*cache.medke.benchmarks.medcf\. Download them with medke fetch medcf, or name their folder/,
    );
  });

  it("refuses a MEDKE_DATA that leads nowhere, even where files were fetched", () => {
    make("cache", "medke", "benchmarks", "medcf");
    expect(() => benchmarkFolder("medcf", { ...env, MEDKE_DATA: root })).to.throw(
      DataFolderMissingError,
      "MEDKE_DATA is",
    );
  });
});
