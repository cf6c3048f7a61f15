import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { expect } from "chai";
import sharp from "sharp";
import { IncompleteFetchError } from "../../../datasets/fetch/errors.ts";
import { fetchFigures } from "../../../datasets/fetch/figures.ts";
import { readFigureManifest } from "../../../datasets/fetch/figure-manifest.ts";
import { FetchRecord } from "../../../datasets/fetch/fetch-record.ts";
import type { FigureLicence } from "../../../datasets/fetch/licence-file.ts";
import { CancelledError } from "../../../kernels/errors.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import * as fault from "./faulty-server.ts";
import { FaultyServer } from "./faulty-server.ts";
import { failure, HASTY, scratch, sha256, tree } from "./scratch.ts";

const md5 = (bytes: Buffer) => createHash("md5").update(bytes).digest("hex");

describe("fetchFigures", () => {
  const { fresh } = scratch();
  let server: FaultyServer;
  let pictures: Buffer[];
  before(async () => {
    server = await FaultyServer.start();
    const draw = (grey: number) =>
      sharp({ create: { width: 24, height: 16, channels: 3, background: { r: grey, g: grey, b: 0 } } })
        .jpeg()
        .toBuffer();
    pictures = await Promise.all([10, 90, 200].map(draw));
  });
  beforeEach(() => server.reset());
  after(() => server.stop());

  const entry = (local: unknown, article: string, file_name: unknown) => ({
    local,
    dlink: `ftp://ftp.example/oa_package/25/da/${article}.tar.gz`,
    file_name,
  });
  const MANIFEST = {
    "train/radiology/images/ROCO_1.jpg": entry(20_000, "PMC11", "one.jpg"),
    "train/radiology/images/ROCO_2.jpg": entry(20_001, "PMC11", "two.jpg"),
    "test/radiology/images/ROCO_3.jpg": entry(20_002, "PMC22", "three.jpg"),
  };

  /** Serves the three figures: two of an article with checksums, one in the second version of another without metadata. */
  function serveAll() {
    pictures.slice(0, 2).forEach((bytes, i) => server.serve(`/PMC11.1/${["one", "two"][i]}.jpg`, bytes));
    server.serve("/PMC22.2/three.jpg", pictures[2]);
    const media = ["one.jpg", "two.jpg"].map((name, i) => `s3://bucket/PMC11.1/${name}?md5=${md5(pictures[i])}`);
    const about = { license_code: "CC BY-NC", citation: "Invented J. 2026;1:1", doi: "10.1/x", media_urls: media };
    server.serve("/metadata/PMC11.1.json", JSON.stringify(about));
  }

  async function folder(manifest: unknown = MANIFEST): Promise<string> {
    const root = fresh();
    await mkdir(root, { recursive: true });
    writeFileSync(join(root, "image_dict.json"), JSON.stringify(manifest));
    return root;
  }

  const run = async (root: string, signal?: AbortSignal, onProgress?: (done: number) => void) => {
    const record = await FetchRecord.open(root, "mediconfusion", "per article");
    const hosts = { hub: "", git: "", pmc: server.url };
    await fetchFigures({
      root,
      to: "images",
      manifest: "image_dict.json",
      count: 3,
      hosts,
      network: HASTY,
      record,
      signal,
      onProgress,
    });
    return record;
  };
  const licences = (root: string) =>
    JSON.parse(readFileSync(join(root, "images/licences.json"), "utf8")) as Record<string, FigureLicence>;

  it("fetches every figure under its number, with the licence of its article beside it", async () => {
    serveAll();
    const root = await folder();
    const record = await run(root);
    expect(tree(join(root, "images"))).to.deep.equal(["20000.jpg", "20001.jpg", "20002.jpg", "licences.json"]);
    expect(readFileSync(join(root, "images/20001.jpg")).equals(pictures[1])).to.equal(true);
    expect(licences(root)["20000.jpg"]).to.deep.equal({
      article: "PMC11",
      version: 1,
      figure: "one.jpg",
      licence: "CC BY-NC",
      citation: "Invented J. 2026;1:1",
      doi: "10.1/x",
      from: `${server.url}/PMC11.1/one.jpg`,
    });
    const { version, licence } = licences(root)["20002.jpg"];
    expect({ version, licence }).to.deep.equal({ version: 2, licence: "unknown" });
    expect(record.files.get("images/20002.jpg")!.sha256).to.equal(sha256(pictures[2]));
    expect(server.requests("/metadata/PMC11.1.json")).to.have.length(1);
  });

  it("asks for nothing again, and only for what is missing", async () => {
    serveAll();
    const root = await folder();
    await run(root);
    server.log.length = 0;
    await run(root);
    expect(server.log).to.deep.equal([]);
  });

  it("goes on past figures that are not there, says which, and fetches them another time", async () => {
    serveAll();
    server.files.delete("/PMC11.1/two.jpg");
    const root = await folder();
    const error = await failure(run(root));
    expect(error).to.be.instanceOf(IncompleteFetchError);
    expect(error.message).to.include("(1 of 3 failed). 20001.jpg (PMC11):");
    expect(error.message).to.include("HTTP 404");
    expect(tree(join(root, "images"))).to.deep.equal(["20000.jpg", "20002.jpg", "licences.json"]);
    serveAll();
    await run(root);
    expect(tree(join(root, "images"))).to.include("20001.jpg");
  });

  it("keeps no figure that is another one, half of one, or an error page", async () => {
    for (const wrong of [pictures[2], pictures[0].subarray(0, 200), Buffer.from("<html>moved</html>")]) {
      server.reset();
      serveAll();
      server.serve("/PMC11.1/one.jpg", wrong);
      if (wrong !== pictures[2]) server.serve("/metadata/PMC11.1.json", "{}");
      const root = await folder();
      expect((await failure(run(root))).message).to.include("20000.jpg (PMC11)");
      expect(tree(join(root, "images"))).to.deep.equal(["20001.jpg", "20002.jpg", "licences.json"]);
    }
  });

  it("stops asking a server that is down", async () => {
    const root = await folder();
    for (const path of ["/metadata/PMC11.1.json", "/metadata/PMC22.1.json"])
      server.fail(path, ...Array(99).fill(fault.reset));
    expect((await failure(run(root))).message).to.include("(3 of 3 failed)");
  });

  it("stops on request, keeps what it has and goes on from there", async () => {
    serveAll();
    const root = await folder();
    const controller = new AbortController();
    const stopAfterOne = (done: number) => done === 1 && controller.abort();
    expect(await failure(run(root, controller.signal, stopAfterOne))).to.be.instanceOf(CancelledError);
    expect(tree(join(root, "images"))).to.deep.equal(["20000.jpg", "licences.json"]);
    await run(root);
    expect(server.requests("/PMC11.1/one.jpg")).to.have.length(1);
  });

  it("takes up a good image that the user put there, and no bad one", async () => {
    serveAll();
    const root = await folder();
    await mkdir(join(root, "images"));
    writeFileSync(join(root, "images/20000.jpg"), pictures[2]);
    const record = await run(root);
    expect(record.files.get("images/20000.jpg")!.from).to.equal("found in the folder");
    expect(licences(root)["20000.jpg"].licence).to.equal("CC BY-NC");
    expect(server.requests("/PMC11.1/one.jpg")).to.have.length(0);
    const other = await folder();
    await mkdir(join(other, "images"));
    writeFileSync(join(other, "images/20000.jpg"), "no image");
    expect((await failure(run(other))).message).to.include("20000.jpg");
    expect(readFileSync(join(other, "images/20000.jpg"), "utf8")).to.equal("no image");
  });

  it("asks for the licence again where the list of licences was lost", async () => {
    serveAll();
    const root = await folder();
    await run(root);
    rmSync(join(root, "images/licences.json"));
    await run(root);
    expect(licences(root)["20000.jpg"].licence).to.equal("CC BY-NC");
    expect(server.requests("/PMC11.1/one.jpg")).to.have.length(1);
  });

  describe("readFigureManifest", () => {
    const read = async (one: unknown) => failure(readFigureManifest(join(await folder({ a: one }), "image_dict.json")));
    for (const [field, one] of [
      ["local", entry("../20000", "PMC1", "a.jpg")],
      ["local", entry(-1, "PMC1", "a.jpg")],
      ["local", entry(1.5, "PMC1", "a.jpg")],
      ["dlink", { local: 1, file_name: "a.jpg" }],
      ["dlink", { local: 1, dlink: "https://x/PMC1.tar.gz/../../evil", file_name: "a.jpg" }],
      ["file_name", entry(1, "PMC1", "../../a.jpg")],
      ["file_name", entry(1, "PMC1", "sub/a.jpg")],
      ["file_name", entry(1, "PMC1", "..\\a.jpg")],
      ["file_name", entry(1, "PMC1", 7)],
      ["local", null],
    ] as const)
      it(`refuses ${JSON.stringify(one)}`, async () => {
        expect((await read(one)).message).to.include(`entry "a", field "${field}"`);
      });

    it("refuses a number that two images have, and broken JSON", async () => {
      const twice = { a: entry(1, "PMC1", "a.jpg"), b: entry(1, "PMC2", "b.jpg") };
      const root = await folder(twice);
      expect((await failure(readFigureManifest(join(root, "image_dict.json")))).message).to.include("of another image");
      writeFileSync(join(root, "image_dict.json"), "{");
      expect((await failure(readFigureManifest(join(root, "image_dict.json")))).message).to.include("broken JSON");
    });

    describeWithShared("on the published file", ["data/mediconfusion/image_dict.json"], () => {
      it("finds 228 figures of 219 articles, numbered 20000 to 20227", async () => {
        const figures = await readFigureManifest(shared("data/mediconfusion/image_dict.json"));
        expect(figures).to.have.length(228);
        expect(new Set(figures.map(({ article }) => article)).size).to.equal(219);
        expect([figures[0].file, figures[227].file]).to.deep.equal(["20000.jpg", "20227.jpg"]);
      });
    });
  });
});
