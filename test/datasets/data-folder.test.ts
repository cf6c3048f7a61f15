import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { dataFolder, DataFolderMissingError } from "../../datasets/data-folder.ts";

describe("dataFolder", () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), "medke-data-"));
    for (const path of [
      "lab/shared/models",
      "lab/shared/data",
      "lab/project/deep/er",
      "half/shared/data",
      "half/project",
    ])
      mkdirSync(join(root, path), { recursive: true });
  });
  after(() => rmSync(root, { recursive: true }));

  it("takes MEDKE_DATA before anything else", () =>
    expect(dataFolder({ env: join(root, "lab/shared"), starts: [join(root, "half")] })).to.equal(
      join(root, "lab/shared"),
    ));

  it("refuses a MEDKE_DATA that lacks what it must hold, and says which", () =>
    expect(() => dataFolder({ env: join(root, "half/shared") })).to.throw(
      DataFolderMissingError,
      /MEDKE_DATA is ".*half\/shared", but "models\/" is not in it/,
    ));

  it("finds the folder beside an ancestor", () =>
    expect(dataFolder({ env: "", top: root, starts: [join(root, "lab/project/deep/er")] })).to.equal(
      join(root, "lab/shared"),
    ));

  it("looks from the package when the current directory leads nowhere", () =>
    expect(
      dataFolder({ env: "", top: root, starts: [join(root, "half/project"), join(root, "lab/project")] }),
    ).to.equal(join(root, "lab/shared")));

  it("passes over a shared folder without models, then says what to do", () =>
    expect(() => dataFolder({ env: "", top: root, starts: [join(root, "half/project")] })).to.throw(
      DataFolderMissingError,
      /MEDKE_DATA is not set.*half\/project.*Set MEDKE_DATA to a folder that holds models\/ and data\//,
    ));
});
