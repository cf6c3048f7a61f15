import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ExportFolderError, exportForm } from "../../../../datasets/phantom/forms/export.ts";
import { forms } from "../../../../datasets/phantom/index.ts";
import { medmkeb } from "../../../../datasets/phantom/forms/medmkeb.ts";
import { CancelledError } from "../../../../kernels/errors.ts";

describe("exportForm", () => {
  let folder: string;
  let out: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "medke-export-"));
    out = join(folder, "deep", "medmkeb");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("writes every file of the form and a data card whose first line says that all is invented", async () => {
    const summary = await exportForm(medmkeb, out, { seed: 1, limit: 1 });
    const paths = (await readdir(out, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(paths).to.have.lengthOf(summary.files);
    expect(summary.images).to.equal(summary.files - 5);
    const card = await readFile(join(out, "README.md"), "utf8");
    expect(card.split("\n")[0]).to.equal(
      "Everything in this folder is invented: anatomy, findings, devices, names, facts and images. Nothing in it is medical information.",
    );
    expect(card).to.contain("Records: 1 train, 1 validation, 1 test.").and.to.contain("seed 1");
    expect(await readdir(join(folder, "deep"))).to.deep.equal(["medmkeb"]);
  });

  it("takes an empty folder, and refuses one that holds something, a file and a place where none can be made", async () => {
    await mkdir(out, { recursive: true });
    await exportForm(medmkeb, out, { seed: 1, limit: 1 });
    const again = await exportForm(medmkeb, out, { seed: 1, limit: 1 }).catch((error) => error);
    expect(again).to.be.instanceOf(ExportFolderError);
    expect(again.message).to.match(/medmkeb is not empty: it holds "README.md" and 2 more\. Name a new folder/);
    const file = join(folder, "file");
    await writeFile(file, "kept");
    for (const path of [file, join(file, "below")])
      expect(await exportForm(medmkeb, path, { seed: 1, limit: 1 }).catch((e) => e)).to.be.instanceOf(
        ExportFolderError,
      );
    expect(await readFile(file, "utf8")).to.equal("kept");
  });

  it("leaves nothing behind when it is cancelled", async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    const options = { seed: 1, limit: 2, signal: controller.signal, onProgress };
    expect(await exportForm(medmkeb, out, options).catch((error) => error)).to.be.instanceOf(CancelledError);
    expect(await readdir(join(folder, "deep"))).to.deep.equal([]);
  });

  it("knows every form by its own name, with at least 2,000 edits or 200 pairs", () => {
    for (const [name, form] of Object.entries(forms)) {
      expect(form.name).to.equal(name);
      const records = Object.values(form.counts).reduce((sum, count) => sum + count, 0);
      expect(records).to.be.at.least(name === "mediconfusion" ? 200 : 2000);
    }
  });
});
