import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { decodeRgb } from "../../../../datasets/image.ts";
import {
  ImageCacheError,
  imageCacheFolder,
  phantomImage,
  scenePng,
} from "../../../../datasets/phantom/forms/images.ts";
import { render } from "../../../../datasets/phantom/render/index.ts";
import { sampleScene } from "../../../../datasets/phantom/world/sample-scene.ts";

describe("pictures of the forms", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "medke-images-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("are the same bytes each time, and hold the rendered pixels", async () => {
    for (const modality of ["ct", "fundus"] as const) {
      const scene = sampleScene(11, { modality });
      expect(await scenePng(scene)).to.deep.equal(await scenePng(scene));
      const { path } = await phantomImage(scene, "a.png", folder);
      const { image } = render(scene);
      const decoded = await decodeRgb({ id: "a.png", path });
      expect(Buffer.from(decoded.data).equals(Buffer.from(image.data))).to.equal(true);
    }
  });

  it("are written once, whole, and under their content", async () => {
    const scene = sampleScene(12);
    const [first, again] = await Promise.all([phantomImage(scene, "a", folder), phantomImage(scene, "b", folder)]);
    expect(first.path).to.equal(again.path);
    expect([first.id, again.id]).to.deep.equal(["a", "b"]);
    const { mtimeMs } = await stat(first.path);
    await phantomImage(scene, "a", folder);
    expect((await stat(first.path)).mtimeMs).to.equal(mtimeMs);
    await phantomImage(sampleScene(13), "c", folder);
    expect(await readdir(folder))
      .to.have.lengthOf(2)
      .and.to.satisfy((names: string[]) => names.every((n) => /^[0-9a-f]{32}\.png$/.test(n)));
  });

  it("are kept where XDG_CACHE_HOME says", () => {
    expect(imageCacheFolder({ XDG_CACHE_HOME: folder })).to.equal(join(folder, "medke", "phantom"));
  });

  it("name a cache folder that cannot be written to", async () => {
    const file = join(folder, "taken");
    await writeFile(file, "");
    const error = await phantomImage(sampleScene(12), "a", file).catch((error) => error);
    expect(error).to.be.instanceOf(ImageCacheError);
    expect(error.message).to.contain("taken").and.to.contain("XDG_CACHE_HOME");
  });
});
