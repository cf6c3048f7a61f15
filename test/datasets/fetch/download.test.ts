import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { type Download, download } from "../../../datasets/fetch/download.ts";
import { DigestMismatchError, DownloadError, FetchTargetError } from "../../../datasets/fetch/errors.ts";
import { CancelledError } from "../../../kernels/errors.ts";
import { random } from "../../../kernels/random.ts";
import * as fault from "./faulty-server.ts";
import { FaultyServer } from "./faulty-server.ts";
import { failure, HASTY, scratch, sha256, tree } from "./scratch.ts";

/** Bytes without a pattern that a shifted or doubled part would fit. */
function noise(length: number, seed = 1): Buffer {
  const { below } = random(seed);
  return Buffer.from(Array.from({ length }, () => below(256)));
}

describe("download", () => {
  const { fresh } = scratch();
  const bytes = noise(200_000);
  let server: FaultyServer;
  before(async () => void (server = await FaultyServer.start()));
  beforeEach(() => server.reset());
  after(() => server.stop());

  /** A job for /file into an empty folder. */
  const job = (more: Partial<Download> = {}): Download & { folder: string } => {
    const folder = fresh();
    if (!server.files.has("/file")) server.serve("/file", bytes);
    return {
      folder,
      url: `${server.url}/file`,
      to: join(folder, "file"),
      expected: { bytes: bytes.length, sha256: sha256(bytes) },
      atMost: 1e6,
      onProgress: fault.received,
      ...more,
    };
  };
  const run = (task: Download, signal?: AbortSignal) => download(task, HASTY, signal);
  /** The right file, and nothing else, is in the folder. */
  const expectWhole = (task: Download & { folder: string }, whole = bytes) => {
    expect(tree(task.folder)).to.deep.equal(["file"]);
    expect(readFileSync(task.to).equals(whole)).to.equal(true);
  };

  it("fetches a file and says its size and digest", async () => {
    const task = job();
    const seen: number[] = [];
    const measured = await run({ ...task, onProgress: (received) => seen.push(received) });
    expect(measured).to.deep.equal({ bytes: bytes.length, sha256: sha256(bytes) });
    expect(seen.at(-1)).to.equal(bytes.length);
    expect(server.log).to.have.length(1);
    expectWhole(task);
  });

  const recoveries: Record<string, fault.Fault[]> = {
    "server errors": [fault.status(500), fault.status(503)],
    "too many requests": [fault.status(429, { "retry-after": "0" })],
    "a wait that is asked for as a date": [fault.status(503, { "retry-after": new Date(0).toUTCString() })],
    "connections that are reset before an answer": [fault.reset, fault.reset],
    "a connection that is cut within the file": [fault.cutAfter(50_000), fault.cutAfter(70_000)],
    "silence before an answer": [fault.silence],
    "silence within the file": [fault.stallAfter(80_000)],
    "silence after the headers": [fault.stallAfter(0)],
    "a server that ignores ranges": [fault.cutAfter(50_000), fault.ignoreRange],
    "a server that sends another part": [
      fault.cutAfter(50_000),
      (_request, response) =>
        void response
          .writeHead(206, { "content-range": `bytes 10-${bytes.length - 1}/${bytes.length}` })
          .end(bytes.subarray(10)),
    ],
    "a part that does not say which": [
      fault.cutAfter(50_000),
      (_request, response) => void response.writeHead(206).end(bytes.subarray(50_000)),
    ],
    "another length than before": [
      fault.cutAfter(50_000),
      (_request, response) => void response.writeHead(206, { "content-range": "bytes 50000-99999/100000" }).end(),
    ],
    "a range that the server has not": [fault.cutAfter(50_000), fault.status(416, { "content-range": "bytes */7" })],
  };
  for (const [what, faults] of Object.entries(recoveries))
    it(`recovers from ${what}`, async () => {
      const task = job();
      server.fail("/file", ...faults);
      await run(task);
      expectWhole(task);
      expect(server.faults.get("/file")).to.deep.equal([]);
    });

  it("asks for what is missing only, and only of the same version", async () => {
    const task = job();
    server.fail("/file", fault.cutAfter(50_000));
    await run(task);
    const [first, second] = server.requests("/file");
    expect(first.range).to.equal(undefined);
    expect(second.range).to.equal("bytes=50000-");
    expect(second.ifRange).to.equal(fault.tagOf({ bytes }));
  });

  it("starts over when the file changes between two parts", async () => {
    const changed = noise(150_000, 2);
    const task = job({ expected: { sha256: sha256(changed) } });
    server.fail("/file", (request, response, file) => {
      fault.cutAfter(50_000)(request, response, file);
      server.serve("/file", changed);
    });
    await run(task);
    expectWhole(task, changed);
    expect(server.requests("/file")[1].range).to.equal("bytes=50000-");
  });

  it("starts over when a server answers a range of another version as if it were the same", async () => {
    const changed = noise(bytes.length, 3);
    const task = job({ expected: { sha256: sha256(changed) } });
    server.fail("/file", fault.cutAfter(50_000), (request, response) => {
      server.serve("/file", changed);
      delete request.headers["if-range"];
      fault.proper(request, response, { bytes: changed });
    });
    await run(task);
    expectWhole(task, changed);
  });

  it("joins parts without a version only where a digest is known", async () => {
    for (const [expected, ranges] of [
      [{ sha256: sha256(bytes) }, [undefined, "bytes=50000-"]],
      [{}, [undefined, undefined]],
    ] as const) {
      server.reset();
      server.serve("/file", bytes, null);
      server.fail("/file", fault.cutAfter(50_000));
      const task = job({ expected });
      await run(task);
      expectWhole(task);
      expect(server.requests("/file").map(({ range }) => range)).to.deep.equal(ranges);
    }
  });

  for (const code of [401, 403, 404, 410])
    it(`gives up at once on HTTP ${code}`, async () => {
      const task = job();
      server.fail("/file", fault.status(code));
      const error = (await failure(run(task))) as DownloadError;
      expect(error).to.be.instanceOf(DownloadError);
      expect(error.status).to.equal(code);
      expect(error.message).to.include(`/file: HTTP ${code} (`);
      expect(server.log).to.have.length(1);
      expect(tree(task.folder)).to.deep.equal([]);
    });

  it("gives up after six attempts that bring nothing, and keeps what it has", async () => {
    const task = job();
    server.fail("/file", fault.cutAfter(50_000), ...Array(6).fill(fault.status(502)));
    const error = (await failure(run(task))) as DownloadError;
    expect(error.message).to.include("given up after 6 attempts: HTTP 502. 50000 bytes are kept");
    expect(tree(task.folder)).to.deep.equal(["file.part", "file.part.json"]);
    await run(task);
    expectWhole(task);
    expect(server.log.at(-1)!.range).to.equal("bytes=50000-");
  });

  it("stops on request within a file, keeps the beginning and goes on from there", async () => {
    const task = job();
    const controller = new AbortController();
    server.fail("/file", fault.stallAfter(60_000));
    const onProgress = (received: number) => received >= 60_000 && controller.abort();
    const error = await failure(run({ ...task, onProgress }, controller.signal));
    expect(error).to.be.instanceOf(CancelledError);
    expect(error.message).to.include("goes on where it stopped");
    expect(tree(task.folder)).to.deep.equal(["file.part", "file.part.json"]);
    await run(task);
    expectWhole(task);
    expect(server.log.at(-1)!.range).to.equal("bytes=60000-");
  });

  it("needs no network for a file that was complete and only not yet verified", async () => {
    const task = job();
    writeFileSync(`${task.to}.part`, bytes);
    writeFileSync(`${task.to}.part.json`, JSON.stringify({ url: task.url, etag: '"x"', total: bytes.length }));
    await run(task);
    expect(server.log).to.deep.equal([]);
    expectWhole(task);
  });

  it("fetches anew where the beginning that is there is damaged", async () => {
    const task = job();
    const damaged = Buffer.from(bytes.subarray(0, 50_000));
    damaged[123] ^= 1;
    writeFileSync(`${task.to}.part`, damaged);
    writeFileSync(`${task.to}.part.json`, JSON.stringify({ url: task.url, etag: fault.tagOf({ bytes }) }));
    await run(task);
    expectWhole(task);
    expect(server.log.map(({ range }) => range)).to.deep.equal(["bytes=50000-", undefined]);
  });

  it("does not go on with a beginning of another address, or one without its origin", async () => {
    for (const origin of [{ url: "https://elsewhere.example/file" }, undefined]) {
      const task = job();
      writeFileSync(`${task.to}.part`, "something else");
      if (origin) writeFileSync(`${task.to}.part.json`, JSON.stringify(origin));
      await run(task);
      expectWhole(task);
      expect(server.log.at(-1)!.range).to.equal(undefined);
    }
  });

  describe("refuses", () => {
    const refused = async (
      task: Download & { folder: string },
      kind: new (...args: never[]) => Error,
      text: string,
    ) => {
      const error = await failure(run(task));
      expect(error).to.be.instanceOf(kind);
      expect(error.message).to.include(text);
      expect(tree(task.folder)).not.to.include("file");
    };

    it("another file than the published one, and keeps nothing of it", async () => {
      server.serve("/file", noise(bytes.length, 9));
      const task = job();
      await refused(task, DigestMismatchError, "delivers another file than the published one: sha256");
      expect(tree(task.folder)).to.deep.equal([]);
      expect(server.log).to.have.length(1);
    });

    it("another file that comes in parts, after one whole attempt more", async () => {
      server.serve("/file", noise(bytes.length, 9));
      const task = job();
      server.fail("/file", fault.cutAfter(50_000), fault.proper, fault.cutAfter(50_000));
      await refused(task, DigestMismatchError, "sha256");
      expect(server.log).to.have.length(4);
    });

    it("another length, before it takes a byte", async () => {
      server.serve("/file", bytes.subarray(1));
      await refused(job(), DigestMismatchError, "199999 bytes instead of 200000");
    });

    it("a length announced too short", async () => {
      const task = job({ expected: { sha256: sha256(bytes) } });
      server.fail("/file", (_request, response) => {
        response.socket!.end(
          Buffer.concat([Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 100\r\nconnection: close\r\n\r\n"), bytes]),
        );
      });
      await refused(task, DigestMismatchError, "sha256");
    });

    it("a length announced too long, when the bytes never come", async () => {
      const task = job({ expected: { sha256: sha256(bytes) } });
      server.fail(
        "/file",
        ...Array(60).fill(((_request, response) => {
          response
            .writeHead(200, { "content-length": bytes.length + 100 })
            .write(bytes, () => response.socket?.destroy());
        }) as fault.Fault),
      );
      await refused(task, DownloadError, "given up after");
    });

    it("more bytes than can be right, announced or not", async () => {
      const task = job({ expected: {}, atMost: 1000 });
      await refused(task, DownloadError, "announces 200000 bytes; at most 1000 are expected");
      server.fail("/file", (_request, response) => void response.writeHead(200).end(bytes)); // no length: chunked
      await refused(job({ expected: {}, atMost: 1000 }), DownloadError, "sends more than the 1000 bytes");
    });

    it("a file that its own check does not like", async () => {
      const task = job({ check: () => Promise.reject(new DigestMismatchError("no image")) });
      await refused(task, DigestMismatchError, "no image");
      expect(tree(task.folder)).to.deep.equal([]);
    });

    it("to replace a file that is there", async () => {
      const task = job();
      writeFileSync(task.to, "the user's own");
      expect(await failure(run(task))).to.be.instanceOf(FetchTargetError);
      expect(readFileSync(task.to, "utf8")).to.equal("the user's own");
      expect(server.log).to.deep.equal([]);
    });

    it("to write through links that stand where its interim files go", async () => {
      for (const link of [symlinkSync, linkSync]) {
        const task = job();
        const elsewhere = join(fresh(), "precious");
        writeFileSync(elsewhere, "precious");
        link(elsewhere, `${task.to}.part`);
        writeFileSync(`${task.to}.part.json`, JSON.stringify({ url: task.url, etag: fault.tagOf({ bytes }) }));
        await run(task);
        expectWhole(task);
        expect(readFileSync(elsewhere, "utf8")).to.equal("precious");
      }
    });

    it("a target that cannot be written, without calling it the network's fault", async () => {
      const task = job();
      mkdirSync(`${task.to}.part.json`);
      await run(task); // a folder in the way of an interim file is no obstacle
      const missing = { ...task, to: join(task.folder, "file", "below-a-file") };
      expect((await failure(run(missing))).message).to.include("cannot be written (ENOTDIR)");
    });
  });

  describe("redirects", () => {
    it("are followed on this machine, and keep a resumed download whole", async () => {
      const task = job({ url: `${server.url}/moved` });
      server.fail("/moved", fault.redirect("/file", 301), fault.redirect(`${server.url}/file`, 307));
      server.fail("/file", fault.cutAfter(50_000));
      await run(task);
      expectWhole(task);
      expect(server.log.at(-1)!.range).to.equal("bytes=50000-");
    });

    for (const [what, target, text] of [
      ["to plain http elsewhere", "http://example.invalid/file", "it is not encrypted (http)"],
      ["to a file", "file:///etc/passwd", "its protocol is file, not https"],
      ["to ftp", "ftp://127.0.0.1/file", "its protocol is ftp, not https"],
      ["to an address with a user name", "https://user@example.invalid/file", "it holds a user name"],
      ["to nonsense", "http://[", "which is no address"],
    ])
      it(`${what} are refused`, async () => {
        const task = job();
        server.fail("/file", fault.redirect(target));
        const error = await failure(run(task));
        expect(error).to.be.instanceOf(DownloadError);
        expect(error.message).to.include(text);
        expect(tree(task.folder)).to.deep.equal([]);
      });

    it("without an end are refused", async () => {
      server.fail("/file", ...Array(9).fill(fault.redirect("/file")));
      expect((await failure(run(job()))).message).to.include("redirects more than 5 times");
    });

    it("to another host carry no credentials, and messages no query", async () => {
      const other = await FaultyServer.start();
      try {
        server.fail("/file", fault.redirect(`${other.url}/signed?secret=1`));
        const task = job({ headers: { authorization: "Bearer canary" } });
        const error = await failure(run(task));
        expect(server.log[0].authorization).to.equal("Bearer canary");
        expect(other.log).to.have.length(1);
        expect(other.log[0].authorization).to.equal(undefined);
        expect(error.message).not.to.match(/canary|secret/);
      } finally {
        await other.stop();
      }
    });

    it("refuses to ask an address that is not https and not on this machine", async () => {
      const error = await failure(run(job({ url: "http://example.invalid/file" })));
      expect(error.message).to.include("it is not encrypted (http)");
    });
  });

  it("ends with the right file or with none, whatever happens on the way", async () => {
    const small = noise(3_000, 4);
    const faults = fc.constantFrom(
      fault.status(500),
      fault.status(404),
      fault.reset,
      fault.cutAfter(0),
      fault.cutAfter(700),
      fault.cutAfter(2_999),
      fault.ignoreRange,
      fault.proper,
      fault.status(416),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(faults, { maxLength: 8 }), fc.boolean(), async (list, tagged) => {
        server.reset();
        server.serve("/file", small, tagged ? undefined : null);
        server.fail("/file", ...list);
        const task = job({ expected: { sha256: sha256(small) } });
        const outcome = await run(task).then(
          () => "whole",
          (error: Error) => error,
        );
        if (outcome === "whole") return expectWhole(task, small);
        expect(outcome).to.be.instanceOf(DownloadError);
        expect(tree(task.folder)).not.to.include("file");
        // The same call later, with the server well again, completes it.
        server.faults.clear();
        await run(task);
        expectWhole(task, small);
      }),
      { numRuns: 60, seed: 20_26 },
    );
  });
});
