import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { CancelledError } from "../../../../kernels/errors.ts";
import { confusionJudge } from "../../../../kernels/evaluation/judge/confusion-prompt.ts";
import { describeUsage, estimateUsage } from "../../../../kernels/evaluation/judge/judge-cost.ts";
import { JudgeEndpointError, JudgeSettingsError } from "../../../../kernels/evaluation/judge/judge-error.ts";
import { Judge } from "../../../../kernels/evaluation/judge/judge.ts";
import type { JudgeSettings } from "../../../../kernels/evaluation/judge/judge-settings.ts";

const KEY = "key-4711-never-shown";
type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const completion = (content: unknown) =>
  JSON.stringify({ choices: [{ message: { content } }], usage: { prompt_tokens: 40, completion_tokens: 7 } });
const say: Handler = (_request, response) => response.end(completion("A: 8\nB: 3\nYour explanation: x"));

describe("Judge", () => {
  let handlers: Handler[] = [];
  const seen: { authorization?: string; body: string; url?: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      seen.push({ authorization: request.headers.authorization, body, url: request.url });
      // The last handler goes on answering.
      (handlers.length > 1 ? handlers.shift()! : handlers[0])(request, response, body);
    });
  });
  let url: string;
  let folder: string;
  before((done) => {
    server.listen(0, "127.0.0.1", () => {
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`;
      done();
    });
  });
  after((done) => {
    server.closeAllConnections();
    server.close(() => done());
  });
  beforeEach(() => {
    seen.length = 0;
    handlers = [say];
    folder = mkdtempSync(join(tmpdir(), "medke-judge-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const judge = (settings: Partial<JudgeSettings> = {}, env: NodeJS.ProcessEnv = { MEDKE_JUDGE_KEY: KEY }) =>
    new Judge({ url, model: "m", pause: 1, ...settings }, env);
  const failure = (promise: Promise<unknown>): Promise<Error> =>
    promise.then(
      () => expect.fail("it did not fail"),
      (error: Error) => error,
    );

  it("asks a chat completion with the key, and counts what the service counts", async () => {
    const asked = judge({ prices: { input: 1000, output: 2000 } });
    expect(await asked.ask("p")).to.equal("A: 8\nB: 3\nYour explanation: x");
    expect(seen[0]).to.include({ authorization: `Bearer ${KEY}`, url: "/v1/chat/completions" });
    expect(JSON.parse(seen[0].body)).to.deep.include({
      model: "m",
      temperature: 0,
      messages: [{ role: "user", content: "p" }],
    });
    expect(asked.usage).to.deep.equal({ calls: 1, cached: 0, input: 40, output: 7 });
    expect(describeUsage(asked.usage, asked.settings.prices)).to.equal("1 calls, 40 tokens in, 7 out, cost 0.0540");
  });

  it("sends no key where none is set", async () => {
    await judge({}, {}).ask("p");
    expect(seen[0].authorization).to.equal(undefined);
  });

  it("asks nothing twice, also in another process and where a kept reply is torn", async () => {
    const first = judge({ cache: folder });
    await first.ask("p");
    await first.ask("p");
    const second = judge({ cache: folder });
    await second.ask("p");
    expect([seen.length, first.usage.cached, second.usage.cached, second.usage.calls]).to.deep.equal([1, 1, 1, 0]);
    const [file] = readdirSync(folder);
    expect(readFileSync(join(folder, file), "utf8")).not.to.contain(KEY);
    writeFileSync(join(folder, file), '{"asked"');
    await judge({ cache: folder }).ask("p");
    expect(seen.length).to.equal(2);
  });

  it("tries failures that may pass again: 500, 429 with a wish, a cut connection, what is no completion, a flood", async () => {
    handlers = [
      (_request, response) => response.writeHead(500).end("oops"),
      (_request, response) => response.writeHead(429, { "retry-after": "0.01" }).end(),
      (request) => request.socket.destroy(),
      (_request, response) => response.end("<html>"),
      (_request, response) => response.end(completion(null)),
      (_request, response) => response.end("x".repeat(2 << 20)),
      say,
    ];
    expect(await judge({ retries: 6 }).ask("p")).to.match(/^A: 8/);
    expect(seen.length).to.equal(7);
  });

  it("gives up after its attempts and says what happened, without the key that a service echoes", async () => {
    handlers = [(request, response) => response.writeHead(503).end(`bad ${request.headers.authorization}`)];
    const error = await failure(judge({ retries: 2 }).ask("p"));
    expect(error).to.be.instanceOf(JudgeEndpointError);
    expect(error.message).to.match(/503: bad Bearer \[key\] \(3 attempts\)/);
    expect(JSON.stringify(error) + error.stack).not.to.contain(KEY);
    expect(seen.length).to.equal(3);
  });

  it("ends at once on a refusal", async () => {
    handlers = [(_request, response) => response.writeHead(401).end(`wrong key ${KEY}`)];
    const error = await failure(judge().ask("p"));
    expect(error.message).to.match(/401: wrong key \[key\]\. Check address, model and key/);
    expect(seen.length).to.equal(1);
  });

  it("follows no redirect: the key is for this host", async () => {
    handlers = [(_request, response) => response.writeHead(307, { location: "/elsewhere" }).end()];
    expect(await failure(judge({ retries: 0 }).ask("p"))).to.be.instanceOf(JudgeEndpointError);
    expect(seen.map((request) => request.url)).to.deep.equal(["/v1/chat/completions"]);
  });

  it("takes silence for a failure after its time, also in the middle of an answer", async () => {
    handlers = [() => {}];
    expect((await failure(judge({ retries: 0, timeout: 50 }).ask("p"))).message).to.match(/not answer within 50 ms/);
    handlers = [(_request, response) => void response.write('{"choices"')];
    expect((await failure(judge({ retries: 0, timeout: 50 }).ask("p"))).message).to.match(/not answer within 50 ms/);
  });

  it("stops on request, while it waits for an answer or before another attempt", async () => {
    const controller = new AbortController();
    handlers = [() => controller.abort()];
    expect(await failure(judge().ask("p", { signal: controller.signal }))).to.be.instanceOf(CancelledError);
    const later = new AbortController();
    handlers = [
      (_request, response) => {
        response.writeHead(500).end();
        setTimeout(() => later.abort(), 20);
      },
    ];
    expect(await failure(judge({ pause: 60_000 }).ask("p", { signal: later.signal }))).to.be.instanceOf(CancelledError);
  });

  it("refuses addresses that are none, hold a password, or would carry the key unencrypted", () => {
    for (const wrong of ["host", "ftp://host/v1", "http://user:secret@localhost/v1", "http://host.example/v1"])
      expect(() => judge({ url: wrong }), wrong).to.throw(JudgeSettingsError);
    expect(() => judge({ url: "http://user:secret@localhost/v1" })).not.to.throw("secret");
    expect(() => judge({ url: "http://host.example/v1" }, {})).not.to.throw();
  });

  it("judges replies to confusion pairs; nothing but question, options and reply is sent", async () => {
    const ask = confusionJudge(judge());
    expect(await ask({ question: "which?", options: ["left", "right"], reply: "the left" })).to.match(/^A: 8\nB: 3/);
    expect(seen[0].body).to.contain("which?").and.to.contain("the left");
  });

  it("estimates before anything is asked", () =>
    expect(describeUsage(estimateUsage(["x".repeat(400), "y".repeat(40)], 100))).to.equal(
      "2 calls, 110 tokens in, 200 out; no prices were given",
    ));
});
