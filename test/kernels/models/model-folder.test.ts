import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { UserFacingError } from "../../../kernels/errors.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import { describeWithShared, shared } from "../../shared-data.ts";

const failure = (path: string): Promise<Error> =>
  loadModel(path, { device: "cpu" }).then(
    () => {
      throw new Error("expected a failure");
    },
    (error) => error,
  );

describe("a model folder that is not there", () => {
  it("is named, with the next step", async () => {
    const error = await failure("/no/such/model");
    expect(error).to.be.instanceOf(UserFacingError);
    expect(error.message).to.match(/^model folder "\/no\/such\/model": there is no such folder\. Give the path/);
  });
});

describeWithShared("a damaged model folder", ["models/vqarad-tiny-vlm"], () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "medke-model-"));
    // Copied file by file and made writable: the originals may be read-only.
    cpSync(shared("models/vqarad-tiny-vlm"), folder, {
      recursive: true,
      filter: (path) => !path.endsWith(".safetensors"),
      mode: 0,
    });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const rewrite = (name: string, content: string | Buffer) => {
    rmSync(join(folder, name), { force: true });
    writeFileSync(join(folder, name), content);
  };

  it("names a missing file", async () => {
    rmSync(join(folder, "onnx/embed_tokens.onnx"), { force: true });
    expect((await failure(folder)).message).to.include('"onnx/embed_tokens.onnx" is missing');
  });

  it("names a file that is no JSON", async () => {
    rewrite("config.json", "{ not json");
    const error = await failure(folder);
    expect(error).to.be.instanceOf(UserFacingError);
    expect(error.message).to.match(/"config\.json" is not valid JSON .*Download the file again\.$/);
  });

  for (const name of ["decoder_model_merged", "embed_tokens", "vision_encoder"])
    it(`names a truncated ${name}.onnx`, async () => {
      const bytes = readFileSync(shared(`models/vqarad-tiny-vlm/onnx/${name}.onnx`));
      rewrite(`onnx/${name}.onnx`, bytes);
      truncateSync(join(folder, `onnx/${name}.onnx`), Math.floor(bytes.length / 2));
      const error = await failure(folder);
      expect(error).to.be.instanceOf(UserFacingError);
      expect(error.message).to.include(`${name}.onnx`);
      expect(error.message).to.match(/again|re-export/);
    });
});
