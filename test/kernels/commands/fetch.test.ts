import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { fetchFolder } from "../../../datasets/fetch/fetch-folder.ts";
import type { BenchmarkSource } from "../../../datasets/fetch/source.ts";
import {
  ConsentMissingError,
  fetchCommand,
  type FetchSurroundings,
  makeFetchCommand,
} from "../../../kernels/commands/fetch.ts";
import { UnknownNameError } from "../../../kernels/errors.ts";
import { FaultyServer } from "../../datasets/fetch/faulty-server.ts";
import { failure, HASTY, scratch, sha256, tree } from "../../datasets/fetch/scratch.ts";
import { runCommand } from "./run-command.ts";

const RECORDS = '[{"question":"invented"}]';
const COMMIT = "a".repeat(40);
const byHand = {
  what: "the images",
  from: "https://example.org/images",
  how: "Sign in and accept the terms.",
  put: [{ to: "images" }],
};
const sources: Record<string, BenchmarkSource> = {
  invented: {
    title: "An invented benchmark",
    licence: "CC BY 4.0",
    terms: "Give credit.",
    files: [
      {
        to: "test.json",
        from: [{ kind: "git", repository: "owner/data", commit: COMMIT, path: "test.json" }],
        bytes: RECORDS.length,
        sha256: sha256(RECORDS),
      },
    ],
    byHand: [byHand],
  },
  gated: { title: "A gated benchmark", licence: "not stated", terms: "Ask.", files: [], byHand: [byHand] },
};

describe("medke fetch", () => {
  const { fresh } = scratch();
  let server: FaultyServer;
  before(async () => void (server = await FaultyServer.start()));
  beforeEach(() => {
    server.reset();
    server.serve(`/owner/data/${COMMIT}/test.json`, RECORDS);
  });
  after(() => server.stop());

  const run = (args: string[], ask?: FetchSurroundings["ask"]) => {
    const hosts = () => ({ hub: server.url, git: server.url, pmc: server.url });
    return runCommand(
      makeFetchCommand(() => ({ sources, hosts, network: HASTY, ask })),
      args,
    );
  };

  it("says at once what to do without a network", async () => {
    // A name that never exists (RFC 6761), so that every machine fails to look it up.
    const nowhere = "https://medke.invalid";
    const command = makeFetchCommand(() => ({
      sources,
      hosts: () => ({ hub: nowhere, git: nowhere, pmc: nowhere }),
      network: HASTY,
    }));
    const { message } = await failure(runCommand(command, ["invented", "--yes", "--out", join(fresh(), "to")]));
    expect(message).to.match(
      /^medke\.invalid cannot be reached \(.+\): this machine seems to have no network\. Run the same command again when/,
    );
    expect(message).to.contain("name it with --data DIR");
  });

  it("shows licence, terms, amount, origin and target, then fetches, verifies and says what is next", async () => {
    const folder = join(fresh(), "to");
    const lines = (await run(["invented", "--yes", "--out", folder])).split("\n");
    expect(lines).to.deep.equal([
      "invented: An invented benchmark",
      "  licence   CC BY 4.0",
      "  terms     Give credit.",
      "  download  1 file, 25 bytes",
      "  from      https://github.com/owner/data at commit aaaaaaaaaa",
      `  to        ${folder}`,
      "  by hand   the images: how is said afterwards",
      `invented: fetched and verified: 1 file, 25 bytes in ${folder}`,
      "By hand: the images",
      "  open   https://example.org/images",
      "  do     Sign in and accept the terms.",
      `  put    images  into ${folder}`,
      `Then check the copy with: medke validate --benchmark invented ${folder}`,
    ]);
    expect(readFileSync(join(folder, "test.json"), "utf8")).to.equal(RECORDS);
  });

  it("works without a network afterwards", async () => {
    const folder = fresh();
    await run(["invented", "--yes", "--out", folder]);
    server.log.length = 0;
    mkdirSync(join(folder, "images"));
    expect((await run(["invented", "--out", folder])).split("\n")).to.deep.equal([
      `invented: already here, verified: 1 file, 25 bytes in ${folder}`,
      `Check the copy with: medke validate --benchmark invented ${folder}`,
    ]);
    expect(server.log).to.deep.equal([]);
  });

  it("asks where somebody can answer", async () => {
    const questions: string[] = [];
    const answer = (word: boolean) => async (question: string) => (questions.push(question), word);
    const folder = join(fresh(), "to");
    expect(await run(["invented", "--out", folder], answer(false))).to.include("\nNothing was downloaded.");
    expect(tree(folder)).to.deep.equal([]);
    expect(await run(["invented", "--out", folder], answer(true))).to.include("fetched and verified");
    expect(questions).to.deep.equal(["Download? [y/N] ", "Download? [y/N] "]);
  });

  it("downloads nothing without consent, and says how to give it", async () => {
    const folder = join(fresh(), "to");
    const error = await failure(run(["invented", "--out", folder]));
    expect(error).to.be.instanceOf(ConsentMissingError);
    expect(error.message).to.include("run the same command again with --yes");
    expect(server.log).to.deep.equal([]);
    expect(tree(folder)).to.deep.equal([]);
  });

  it("says what to do where it cannot fetch, and notices when it was done", async () => {
    const folder = fresh();
    const text = await run(["gated", "--out", folder]);
    expect(text).to.include("medke cannot fetch it.\nBy hand: the images\n  open   https://example.org/images");
    expect(text).to.include(`  put    images  into ${folder}\nThen check the copy with: medke validate`);
    mkdirSync(join(folder, "images"));
    expect(await run(["gated", "--out", folder])).to.include(`Every file is in ${folder}.\nCheck the copy with`);
  });

  it("refuses a folder with other files under these names", async () => {
    const folder = fresh();
    writeFileSync(join(folder, "test.json"), "[]");
    const error = await failure(run(["invented", "--yes", "--out", folder]));
    expect(error.message).to.include("test.json (sha256").and.include("medke replaces no file");
    expect(server.log).to.deep.equal([]);
  });

  it("lists what there is, with licences", async () => {
    const text = await runCommand(fetchCommand, ["--list"]);
    for (const name of ["medversa", "mediconfusion", "vlkeb", "vqa-rad", "slake", "medmkeb"])
      expect(text).to.include(`\n${name}`);
    expect(text).to.include("228 images, each from its article").and.include("CC BY 4.0");
  });

  it("knows names, and what needs no fetching", async () => {
    expect(await failure(run(["inventd"]))).to.be.instanceOf(UnknownNameError);
    expect((await failure(run(["inventd"]))).message).to.include('did you mean "invented"?');
    expect((await failure(run([]))).message).to.include("fetch takes one benchmark, not 0");
    expect(await run(["phantom/medmkeb"])).to.equal("phantom/medmkeb: nothing to fetch, it comes with medke.");
  });

  it("puts benchmarks into the user's cache by default", () => {
    expect(fetchFolder({ XDG_CACHE_HOME: "/cache" })).to.equal(join("/cache", "medke", "benchmarks"));
  });
});
