import { createServer, type Server } from "node:http";
import { existsSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { DownloadError } from "../../../../datasets/fetch/errors.ts";
import { openSentenceEncoder } from "../../../../kernels/models/sentence-encoder.ts";
import { encoderCache, isHubName } from "../../../../kernels/models/sentence-encoders/fetch-encoder.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";
import { newFolder } from "../../onnx/external-model.ts";

const BERT = "models/bert-random-encoderfile";

describe("isHubName", () => {
  it("takes owner and model, and no path", () => {
    for (const name of ["Xenova/all-MiniLM-L6-v2", "a/b.c_d"]) expect(isHubName(name), name).to.equal(true);
    for (const name of ["minilm", "./minilm", "../minilm", "a/b/c", "/a/b", "a/..", "a\\b", "~/b"])
      expect(isHubName(name), name).to.equal(false);
  });
});

describeWithShared("fetchEncoder", [BERT], () => {
  const cache = newFolder();
  const before_ = { HF_ENDPOINT: process.env.HF_ENDPOINT, XDG_CACHE_HOME: process.env.XDG_CACHE_HOME };
  const asked: string[] = [];
  let hub: Server;
  before(async () => {
    // A hub with one model: its graph lies in onnx/ there.
    hub = createServer(({ url = "" }, response) => {
      const file = /^\/owner\/bert\/resolve\/main\/(?:onnx\/)?([\w.]+)$/.exec(url)?.[1];
      asked.push(url);
      if (!file || !existsSync(shared(BERT, file))) response.writeHead(404).end();
      else response.end(readFileSync(shared(BERT, file)));
    });
    await new Promise<void>((resolve) => hub.listen(0, "127.0.0.1", resolve));
    process.env.HF_ENDPOINT = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
    process.env.XDG_CACHE_HOME = cache;
  });
  after(async () => {
    for (const [name, value] of Object.entries(before_))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    if (hub.listening) await new Promise((resolve) => hub.close(resolve));
    rmSync(cache, { recursive: true });
  });

  it("says that neither a folder nor the hub has a model of the name", async () => {
    const error = await openSentenceEncoder("owner/other").catch((error) => error);
    expect(error).to.be.instanceOf(DownloadError);
    expect(error.message).to.match(/^sentence encoder "owner\/other": there is no such folder, .*HTTP 404/);
  });

  it("fetches the files that the pipeline loads, once, and then needs no network", async () => {
    const folder = await openSentenceEncoder(shared(BERT));
    const [expected] = await folder.encode(["Is the heart enlarged?"]);
    await folder.dispose();
    for (const network of ["with", "without"]) {
      if (network === "without") await new Promise((resolve) => hub.close(resolve));
      const encoder = await openSentenceEncoder("owner/bert");
      try {
        expect(encoder.id).to.equal("owner/bert");
        expect((await encoder.encode(["Is the heart enlarged?"]))[0], network).to.deep.equal(expected);
      } finally {
        await encoder.dispose();
      }
    }
    const files = ["config.json", "onnx/model.onnx", "tokenizer_config.json", "tokenizer.json"];
    expect(asked.filter((url) => url.includes("bert"))).to.deep.equal(
      files.map((file) => `/owner/bert/resolve/main/${file}`),
    );
    for (const file of files) expect(existsSync(join(encoderCache(), "owner", "bert", file)), file).to.equal(true);
  });

  it("says that the hub does not answer", async () => {
    const error = await openSentenceEncoder("owner/third").catch((error) => error);
    expect(error).to.be.instanceOf(DownloadError);
    expect(error.message).to.contain("pass the path of its folder");
  });
});
