import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { applyPack, EditPackError, loadPack, savePack } from "../../../../kernels/editors/pack/index.ts";
import { makeEdit } from "../../../../kernels/editors/make-edit.ts";
import type { EditableModel } from "../../../../kernels/models/editable-model.ts";
import type { Edit } from "../../../../kernels/models/edit.ts";
import { loadModel } from "../../../../kernels/models/load-model.ts";
import { layOut } from "../../../../kernels/runtime/safetensors/write.ts";
import { float32 } from "../../../../kernels/tensor.ts";
import { forged } from "./forged.ts";

describe("a pack that cannot be trusted", () => {
  let model: EditableModel;
  let folder: string;
  let file: string;
  let bytes: Buffer;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "medke-hostile-"));
    file = join(folder, "x.medke");
    model = await loadModel("phantom", { device: "cpu" });
    const site = model.sites.find(({ role }) => role === "mlp.down_proj")!;
    const [a, b] = [
      float32(Array(site.in).fill(0.5), [site.in, 1]),
      float32(Array(site.out).fill(0.25), [1, site.out]),
    ];
    const provenance = { editor: "by-hand", model: model.id, seed: 0, options: {} };
    const edit = makeEdit([], [{ kind: "low-rank", site: site.id, a, b }], provenance);
    await savePack(file, [edit], model);
    bytes = readFileSync(file);
  });
  after(async () => {
    await model?.dispose();
    rmSync(folder, { recursive: true });
  });

  async function refused(content: Buffer | string): Promise<string> {
    const path = join(folder, "hostile.medke");
    writeFileSync(path, content);
    return refusal(path);
  }
  async function refusal(path: string): Promise<string> {
    const error = await loadPack(path).then(
      () => undefined,
      (thrown) => thrown,
    );
    expect(error, "was not refused").to.be.instanceOf(EditPackError);
    return error.message;
  }
  /** The document with a change, behind a digest that is right. */
  const withDocument = (
    change: (document: { model: unknown; edits: { content: unknown; edit: Record<string, unknown> }[] }) => void,
  ) =>
    forged(bytes, (metadata) => {
      const document = JSON.parse(metadata.document);
      change(document);
      metadata.document = JSON.stringify(document);
    });

  it("is one whose change is forged: the digest that these tests make is the right one", async () => {
    const path = join(folder, "same.medke");
    writeFileSync(
      path,
      forged(bytes, () => {}),
    );
    expect((await loadPack(path)).edits).to.deep.equal((await loadPack(file)).edits);
  });

  it("is refused wherever one byte of it was flipped", async () => {
    const places = new Set(
      [...Array(bytes.length).keys()].filter((i) => i % 37 === 0 || i < 8 + 200 || i > bytes.length - 50),
    );
    for (const at of places) {
      const flipped = Buffer.from(bytes);
      flipped[at] ^= 1 << (at % 8);
      const message = await refused(flipped).catch((error) => expect.fail(`byte ${at}: ${error.message}`));
      expect(message, `byte ${at}`).to.match(/hostile\.medke: .+\. (Fetch the file again|Update medke)/);
    }
    expect(places.size).to.be.above(250);
  });

  it("says that its content was changed, where that is all that is wrong", async () => {
    const flipped = Buffer.from(bytes);
    flipped[bytes.length - 1] ^= 1;
    expect(await refused(flipped)).to.match(
      /its content has the digest [0-9a-f]{12}…, and it should be [0-9a-f]{12}…: it was changed or damaged\. Fetch the file again, or make the edit again with medke edit\.$/,
    );
  });

  it("is refused when it was cut or has more behind it", async () => {
    for (const length of [0, 7, 8, 100, bytes.length - 1])
      expect(await refused(bytes.subarray(0, length))).to.match(/Fetch the file/);
    expect(await refused(Buffer.concat([bytes, Buffer.from("x")]))).to.match(/1 bytes at its end belong to no tensor/);
  });

  it("is refused when it comes from the future, with what to do", async () => {
    const future = forged(bytes, (metadata) => Object.assign(metadata, { version: "3", medke: "9.1.0" }));
    expect(await refused(future)).to.match(
      /it is a pack of version "3", written by medke "9\.1\.0"; medke \S+ reads versions 1 to 2\. Update medke, or/,
    );
  });

  it("is refused when it is another kind of file", async () => {
    expect(await refused(Buffer.from("PK\u0003\u0004 a zip, by its first bytes"))).to.match(
      /it claims a header of \d+ bytes/,
    );
    expect(await refused("{}")).to.match(/it has 2 bytes, which is no safetensors file/);
    expect(await refused(layOut({ format: "pt" }, new Map()).head)).to.match(
      /it is a safetensors file, but no edit pack/,
    );
    expect(await refusal(join(folder, "none.medke"))).to.match(
      /it cannot be read \(ENOENT.*\)\. Name a file that medke edit/,
    );
    mkdirSync(join(folder, "dir.medke"));
    expect(await refusal(join(folder, "dir.medke"))).to.match(/it is no file/);
  });

  // Windows has no named pipes among its files.
  if (process.platform !== "win32")
    it("does not wait for a pipe", async () => {
      const pipe = join(folder, "pipe.medke");
      execFileSync("mkfifo", [pipe]);
      expect(await refusal(pipe)).to.match(/it is no file/);
    });

  const forgeries: [string, () => Buffer, RegExp][] = [
    ["version that is no number", () => forged(bytes, (m) => (m.version = "one")), /its version "one" is none that ever was/],
    ["notice of its own", () => forged(bytes, (m) => (m.notice = "Medical advice.")), /its notice "Medical advice\." is none of medke's/],
    ["document that is missing", () => forged(bytes, (m) => delete m.document), /metadata lack medke or document/],
    ["document that is no JSON", () => forged(bytes, (m) => (m.document = "{")), /JSON/],
    ["document that is a number", () => forged(bytes, (m) => (m.document = "1")), /belongs to no edit/],
    ["document nested very deep", () => forged(bytes, (m) => (m.document = "[".repeat(1e5) + "]".repeat(1e5))), /nested more than 64 deep/],
    ["base model without a digest", () => withDocument((d) => (d.model = { id: "phantom" })), /does not name its base model/],
    ["digest with other characters", () => withDocument((d) => (d.model = { id: "phantom", digest: "\u001b[2J" })), /does not name its base model/],
    ["tensor that belongs to no edit", () => withDocument((d) => (d.edits = [])), /tensor "edits\.0\.interventions\.0\.a" that belongs to no edit/],
    ["edit that is null", () => withDocument((d) => d.edits.push(null as never)), /field edits\.1 is not an object/],
    ["id that is a number", () => withDocument((d) => (d.edits[0].edit.id = 1)), /field edits\.0\.id is not a text/],
    ["scope that is missing", () => withDocument((d) => delete d.edits[0].edit.scope), /field edits\.0\.scope is not an object/],
    ["case that is no name", () => withDocument((d) => (d.edits[0].edit.cases = [1])), /field edits\.0\.cases is not a list of names/],
    ["image that is no name", () => withDocument((d) => (d.edits[0].edit.images = [1] as never)), /field edits\.0\.images is not a list of names/],
    ["provenance without a seed", () => withDocument((d) => delete (d.edits[0].edit.provenance as Record<string, unknown>).seed), /provenance\.seed is not a number/],
    ["carried value that is no tensor", () => withDocument((d) => (d.edits[0].edit.carried = { labels: [1] })), /field edits\.0\.carried\.labels is not an object/],
    ["carried object that is no tensor", () => withDocument((d) => (d.edits[0].edit.carried = { labels: { dims: [1] } })), /field edits\.0\.carried\.labels is not a tensor/],
    ["version before the first", () => forged(bytes, (m) => (m.version = "0")), /its version "0" is none that ever was/],
    ["site that was changed", () => withDocument((d) => ((d.edits[0].edit.interventions as { site: string }[])[0].site += "x")), /edit "[0-9a-f]{12}" has another content than its id/],
    ["intervention without tensors", () => withDocument((d) => (((d.edits[0].edit.interventions as Record<string, unknown>[])[0].extra = [0]))), /has another content|has a form/],
  ]; // prettier-ignore
  for (const [what, make, message] of forgeries)
    it(`is refused with a ${what}, under a right digest`, async () => {
      expect(await refused(make()))
        .to.match(message)
        .and.to.match(/ Fetch the file again, or make the edit again/);
    });

  it("is refused by the model when the form of an edit is unknown to it", async () => {
    const pack = await loadPack(file);
    const [edit] = pack.edits;
    const strange = { ...edit, interventions: [{ kind: "dense", site: model.sites[0].id }] } as unknown as Edit;
    const error = await applyPack(model, { ...pack, edits: [strange] }).catch((thrown) => thrown);
    expect(error).to.be.instanceOf(EditPackError);
    expect(error.message).to.match(/have a form that this medke does not know .* wrote them\. Make the edit again/);
  });
});
