import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { FetchTargetError, IncompleteFetchError } from "../../../datasets/fetch/errors.ts";
import { fetchBenchmark, type FetchOptions, lookForBenchmark } from "../../../datasets/fetch/fetch-benchmark.ts";
import type { BenchmarkSource, SourceFile } from "../../../datasets/fetch/source.ts";
import { CancelledError } from "../../../kernels/errors.ts";
import { zip } from "./archives.ts";
import * as fault from "./faulty-server.ts";
import { FaultyServer } from "./faulty-server.ts";
import { COMMIT, serveDataset } from "./hub-routes.ts";
import { failure, HASTY, scratch, sha256, tree } from "./scratch.ts";

const ONE = Buffer.from('[{"question":"one"}]');
const TWO = Buffer.from('[{"question":"two"}]');
const IMAGES = zip([
  { name: "imgs/a/source.jpg", body: "first image" },
  { name: "imgs/b/source.jpg", body: "second image" },
]);
const RECORD = "medke-fetch.json";

const inGit = (path: string, commit = COMMIT) => ({ kind: "git", repository: "owner/data", commit, path }) as const;
const onHub = (path: string, revision = "main") => ({ kind: "hub", dataset: "owner/set", revision, path }) as const;
const sourceOf = (files: SourceFile[], more: Partial<BenchmarkSource> = {}): BenchmarkSource => ({
  title: "An invented benchmark",
  licence: "CC0 1.0",
  terms: "None.",
  files,
  byHand: [],
  ...more,
});

describe("fetchBenchmark", () => {
  const { fresh } = scratch();
  let server: FaultyServer;
  before(async () => void (server = await FaultyServer.start()));
  beforeEach(() => server.reset());
  after(() => server.stop());

  const options = (source: BenchmarkSource, more: Partial<FetchOptions> = {}): FetchOptions => ({
    name: "invented",
    source,
    folder: join(fresh(), "target"),
    hosts: { hub: server.url, git: server.url, pmc: server.url },
    network: HASTY,
    ...more,
  });
  const fromGit = sourceOf([
    { to: "train.json", from: [inGit("data/train set.json")], bytes: ONE.length, sha256: sha256(ONE) },
    { to: "test.json", from: [inGit("data/test.json")], sha256: sha256(TWO).slice(0, 16) },
  ]);
  const serveGit = () => {
    server.serve(`/owner/data/${COMMIT}/data/train set.json`, ONE);
    server.serve(`/owner/data/${COMMIT}/data/test.json`, TWO);
  };

  it("fetches files of a pinned commit, records them, and needs no network afterwards", async () => {
    serveGit();
    const job = options(fromGit);
    const state = await fetchBenchmark(job);
    expect(state).to.include({ present: 2, bytes: ONE.length + TWO.length });
    expect(tree(job.folder)).to.deep.equal([RECORD, "test.json", "train.json"]);
    const record = JSON.parse(readFileSync(join(job.folder, RECORD), "utf8"));
    expect(record.files["test.json"]).to.deep.equal({
      bytes: TWO.length,
      sha256: sha256(TWO),
      from: `${server.url}/owner/data/${COMMIT}/data/test.json`,
    });
    server.log.length = 0;
    const again = await lookForBenchmark(job);
    expect([again.present, again.missing, again.missingFigures, again.wrong]).to.deep.equal([2, [], 0, []]);
    await fetchBenchmark(job);
    expect(server.log).to.deep.equal([]);
  });

  it("writes nothing when it only looks", async () => {
    const job = options(fromGit);
    expect((await lookForBenchmark(job)).missing).to.have.length(2);
    expect(tree(join(job.folder, ".."))).to.deep.equal([]);
  });

  it("takes up files that are there and right, whoever put them there", async () => {
    serveGit();
    const job = options(fromGit);
    mkdirSync(job.folder);
    writeFileSync(join(job.folder, "train.json"), ONE);
    await fetchBenchmark(job);
    expect(server.log.map(({ path }) => path)).to.deep.equal([`/owner/data/${COMMIT}/data/test.json`]);
  });

  it("replaces no file that is not right, says which, and fetches nothing then", async () => {
    serveGit();
    const job = options(fromGit);
    mkdirSync(job.folder);
    writeFileSync(join(job.folder, "train.json"), "the user's own");
    const error = await failure(fetchBenchmark(job));
    expect(error).to.be.instanceOf(FetchTargetError);
    expect(error.message).to.include("train.json (sha256");
    expect(readFileSync(join(job.folder, "train.json"), "utf8")).to.equal("the user's own");
    expect(server.log).to.deep.equal([]);
  });

  it("notices a fetched file that was changed, and fetches one that was removed", async () => {
    serveGit();
    const job = options(fromGit);
    await fetchBenchmark(job);
    rmSync(join(job.folder, "test.json"));
    await fetchBenchmark(job);
    expect(readFileSync(join(job.folder, "test.json")).equals(TWO)).to.equal(true);
    writeFileSync(join(job.folder, "test.json"), "changed");
    expect((await lookForBenchmark(job)).wrong).to.have.length(1);
  });

  it("asks the next place where one has no or another file", async () => {
    const other = "f".repeat(40);
    const third = "e".repeat(40);
    server.serve(`/owner/data/${other}/x.json`, "another version");
    server.serve(`/owner/data/${third}/x.json`, ONE);
    const from = [inGit("x.json"), inGit("x.json", other), inGit("x.json", third)];
    const job = options(sourceOf([{ to: "x.json", from, sha256: sha256(ONE) }]));
    await fetchBenchmark(job);
    expect(server.log.map(({ path }) => path.split("/")[3][0])).to.deep.equal(["0", "f", "e"]);
    expect(tree(job.folder)).to.deep.equal([RECORD, "x.json"]);
  });

  it("fetches what it can, and says at the end what failed everywhere", async () => {
    server.serve(`/owner/data/${COMMIT}/data/test.json`, TWO);
    const job = options(fromGit);
    const error = await failure(fetchBenchmark(job));
    expect(error).to.be.instanceOf(IncompleteFetchError);
    expect(error.message).to.match(/\(1 of 2 failed\)\. train\.json: .*HTTP 404/);
    expect(tree(job.folder)).to.deep.equal([RECORD, "test.json"]);
  });

  describe("from the hub", () => {
    const hubSource = sourceOf([
      { to: "train.json", from: [onHub("train.json")], sha256: sha256(ONE) },
      { to: "validate.json", from: [onHub("validation.json")] },
      {
        to: "imgs.zip",
        from: [onHub("imgs.zip")],
        images: true,
        unpack: { format: "zip", into: "imgs", atMostBytes: 1e6, atMostEntries: 100 },
      },
    ]);
    const dataset = { "deep/folder/train.json": ONE, "validation.json": TWO, "imgs.zip": IMAGES };
    const serve = () => serveDataset(server, "owner/set", dataset, { large: ["imgs.zip"] });

    it("resolves the branch to a commit, lists it once, verifies what the hub states and unpacks images", async () => {
      serve();
      const job = options(hubSource);
      const state = await fetchBenchmark(job);
      expect(state.present).to.equal(4);
      expect(tree(job.folder)).to.deep.equal([
        "imgs",
        "imgs/a",
        "imgs/a/source.jpg",
        "imgs/b",
        "imgs/b/source.jpg",
        RECORD,
        "train.json",
        "validate.json",
      ]);
      expect(server.requests(`/api/datasets/owner/set/tree/${COMMIT}`)).to.have.length(1);
      const { files, archives } = JSON.parse(readFileSync(join(job.folder, RECORD), "utf8"));
      expect(files["validate.json"].from).to.include(`/resolve/${COMMIT}/validation.json`);
      expect(archives["imgs.zip"].sha256).to.equal(sha256(IMAGES));
      server.log.length = 0;
      expect((await fetchBenchmark(job)).present).to.equal(4);
      expect(server.log).to.deep.equal([]);
    });

    it("refuses what does not fit the digest that the hub states", async () => {
      for (const [path, bytes] of [
        ["validation.json", Buffer.from('[{"question":"no!"}]')],
        ["imgs.zip", Buffer.from(IMAGES).fill(7, 5, 6)],
      ] as const) {
        serve();
        server.serve(`/datasets/owner/set/resolve/${COMMIT}/${path}`, bytes);
        const job = options(hubSource);
        expect((await failure(fetchBenchmark(job))).message).to.include("delivers another file than the published one");
        expect(tree(job.folder)).not.to.include(path === "imgs.zip" ? "imgs" : "validate.json");
      }
    });

    it("keeps a newer version that the hub vouches for, and says so", async () => {
      serveDataset(server, "owner/set", { ...dataset, "deep/folder/train.json": TWO });
      const notes: string[] = [];
      await fetchBenchmark(options(hubSource, { onNote: (text) => notes.push(text), annotationsOnly: true }));
      expect(notes).to.have.length(1);
      expect(notes[0]).to.include("train.json: complete, but not the version");
    });

    it("leaves images out on request", async () => {
      serve();
      const job = options(hubSource, { annotationsOnly: true });
      await fetchBenchmark(job);
      expect(tree(job.folder)).to.deep.equal([RECORD, "train.json", "validate.json"]);
    });

    it("unpacks an archive that was fetched before without fetching it again", async () => {
      serve();
      const job = options(hubSource);
      mkdirSync(join(job.folder, ".medke-unpack-dead/imgs"), { recursive: true });
      writeFileSync(join(job.folder, "imgs.zip"), IMAGES);
      await fetchBenchmark(job);
      expect(server.requests(`/datasets/owner/set/resolve/${COMMIT}/imgs.zip`)).to.deep.equal([]);
      expect(tree(job.folder)).to.include("imgs/a/source.jpg").and.not.include(".medke-unpack-dead");
    });

    it("fetches images anew where their folder was removed, and says where one of them was", async () => {
      serve();
      const job = options(hubSource);
      await fetchBenchmark(job);
      rmSync(join(job.folder, "imgs/a/source.jpg"));
      expect((await lookForBenchmark(job)).wrong).to.deep.equal([
        { path: "imgs/a/source.jpg", problem: "missing; move the folder imgs away to fetch it anew" },
      ]);
      rmSync(join(job.folder, "imgs"), { recursive: true });
      expect((await fetchBenchmark(job)).present).to.equal(4);
    });

    it("tries a hub again that fails, and explains one that refuses", async () => {
      const api = "/api/datasets/owner/set/revision/main";
      serve();
      server.fail(api, fault.status(500), fault.reset, fault.silence);
      await fetchBenchmark(options(hubSource));
      serve();
      server.fail(api, fault.status(401));
      const error = await failure(fetchBenchmark(options(sourceOf([{ to: "x", from: [onHub("x")] }]))));
      expect(error.message).to.include("access refused (HTTP 401)").and.include("HF_TOKEN");
    });

    it("sends the token to the hub alone, and tells nobody", async () => {
      serve();
      const other = await FaultyServer.start();
      try {
        other.serve("/cdn", ONE);
        server.fail(`/datasets/owner/set/resolve/${COMMIT}/deep/folder/train.json`, fault.redirect(`${other.url}/cdn`));
        const job = options(hubSource);
        await fetchBenchmark({ ...job, hosts: { ...job.hosts, hubToken: "hf_canary" } });
        expect(server.log.every(({ authorization }) => authorization === "Bearer hf_canary")).to.equal(true);
        expect(other.log.map(({ authorization }) => authorization)).to.deep.equal([undefined]);
        expect(readFileSync(join(job.folder, RECORD), "utf8")).not.to.include("canary");
      } finally {
        await other.stop();
      }
    });
  });

  it("stops on request and goes on where it stopped", async () => {
    const long = Buffer.alloc(300_000, "0123456789");
    server.serve(`/owner/data/${COMMIT}/long.json`, long);
    server.fail(`/owner/data/${COMMIT}/long.json`, fault.stallAfter(100_000));
    const job = options(sourceOf([{ to: "long.json", from: [inGit("long.json")], sha256: sha256(long) }]));
    const controller = new AbortController();
    const onProgress = (_label: string, done: number) => done >= 100_000 && controller.abort();
    expect(await failure(fetchBenchmark({ ...job, signal: controller.signal, onProgress }))).to.be.instanceOf(
      CancelledError,
    );
    expect(tree(job.folder)).to.deep.equal(["long.json.part", "long.json.part.json", RECORD]);
    await fetchBenchmark(job);
    expect(server.log.at(-1)!.range).to.equal("bytes=100000-");
    expect(tree(job.folder)).to.deep.equal(["long.json", RECORD]);
  });

  describe("the target folder", () => {
    it("may be a link, but nothing in it may lead out", async () => {
      serveGit();
      const outer = fresh();
      mkdirSync(join(outer, "real"));
      symlinkSync(join(outer, "real"), join(outer, "link"));
      await fetchBenchmark(options(fromGit, { folder: join(outer, "link") }));
      expect(tree(join(outer, "real"))).to.include("train.json");

      const elsewhere = fresh();
      const job = options(sourceOf([{ to: "sub/x.json", from: [inGit("data/test.json")], sha256: sha256(TWO) }]));
      mkdirSync(job.folder);
      symlinkSync(elsewhere, join(job.folder, "sub"));
      expect((await failure(fetchBenchmark(job))).message).to.include("is a link or a file where a folder is needed");
      expect(tree(elsewhere)).to.deep.equal([]);
    });

    it("belongs to one benchmark and one process at a time", async () => {
      serveGit();
      const job = options(fromGit);
      await fetchBenchmark(job);
      const other = await failure(fetchBenchmark({ ...job, name: "another" }));
      expect(other.message).to.include('holds the benchmark "invented", not "another"');
      writeFileSync(join(job.folder, ".medke-fetch.lock"), String(process.pid));
      expect((await failure(fetchBenchmark(job))).message).to.include(
        `process ${process.pid} is fetching into this folder`,
      );
      // A process that has ended holds nothing.
      writeFileSync(join(job.folder, ".medke-fetch.lock"), "999999999");
      await fetchBenchmark(job);
      expect(tree(job.folder)).not.to.include(".medke-fetch.lock");
    });

    it("with a damaged record says so; names that lead out of the folder are not believed", async () => {
      serveGit();
      const job = options(fromGit);
      await fetchBenchmark(job);
      const file = join(job.folder, RECORD);
      const record = JSON.parse(readFileSync(file, "utf8"));
      record.files["../outside"] = record.files["test.json"];
      writeFileSync(file, JSON.stringify(record));
      expect((await lookForBenchmark(job)).present).to.equal(2);
      writeFileSync(file, "{");
      expect((await failure(lookForBenchmark(job))).message).to.include("is damaged (not JSON)");
    });
  });

  it("says what the user must fetch, and checks what is there of it", async () => {
    const step = {
      what: "the rest",
      from: "https://example.org",
      how: "Sign in.",
      put: [{ to: "rest.json", sha256: sha256(ONE) }],
    };
    const job = options(sourceOf([], { byHand: [step] }));
    expect((await lookForBenchmark(job)).byHand).to.deep.equal([{ step, missing: ["rest.json"] }]);
    mkdirSync(job.folder);
    writeFileSync(join(job.folder, "rest.json"), ONE);
    expect((await lookForBenchmark(job)).byHand).to.deep.equal([]);
    writeFileSync(join(job.folder, "rest.json"), TWO);
    expect((await lookForBenchmark(job)).wrong).to.have.length(1);
  });
});
