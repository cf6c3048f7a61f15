import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ImageFolder } from "../../datasets/image-path.ts";

describe("ImageFolder", () => {
  const scratch = mkdtempSync(join(tmpdir(), "medke-images-"));
  const root = join(scratch, "root");
  before(() => {
    mkdirSync(join(root, "images", "folder.png"), { recursive: true });
    for (const path of ["root/images/a.png", "secret.png"]) writeFileSync(join(scratch, path), "");
    symlinkSync(join(scratch, "secret.png"), join(root, "images", "out.png"));
    symlinkSync(scratch, join(root, "up"));
    symlinkSync("a.png", join(root, "images", "inside.png"));
  });
  after(() => rmSync(scratch, { recursive: true }));

  it("gives images below the root, whatever the separator", async () => {
    const folder = await ImageFolder.open(root);
    for (const reference of ["images/a.png", "images\\a.png", "./images/a.png"])
      expect(await folder.resolve(reference)).to.deep.equal({
        image: { id: "images/a.png", path: join(root, "images", "a.png") },
      });
    expect(await folder.resolve("images/inside.png")).to.have.property("image");
  });

  it("follows nothing out of the root, and says why", async () => {
    const folder = await ImageFolder.open(root);
    const refused: [unknown, string][] = [
      [42, "the reference is not a string"],
      [undefined, "the reference is not a string"],
      [" ", "the reference is empty"],
      ["a\u0000.png", "the reference holds a control character"],
      [join(scratch, "secret.png"), "the reference is an absolute path"],
      ["\\\\host\\share\\a.png", "the reference is an absolute path"],
      ["C:\\a.png", "the reference is an absolute path"],
      ["c:a.png", "the reference is an absolute path"],
      ["file:///a.png", "the reference is an absolute path"],
      ["../secret.png", "the reference leaves the image folder"],
      ["images/../../secret.png", "the reference leaves the image folder"],
      ["images\\..\\..\\secret.png", "the reference leaves the image folder"],
      ["images/out.png", "a link leaves the image folder"],
      ["up/secret.png", "a link leaves the image folder"],
      ["images/b.png", "the image file is missing"],
      ["images/folder.png", "the reference is no file"],
    ];
    for (const [reference, problem] of refused)
      expect(await folder.resolve(reference), String(reference)).to.deep.equal({ problem });
  });

  it("finds nothing where there is no root", async () => {
    const folder = await ImageFolder.open(join(scratch, "absent"));
    expect(await folder.resolve("a.png")).to.deep.equal({ problem: "the image file is missing" });
  });
});
