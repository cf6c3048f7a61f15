import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { sitesCommand } from "../../../kernels/commands/sites.ts";
import { makeModel, makeNode, makeTensor, makeValueInfo, writeModel } from "../../../kernels/onnx/index.ts";
import { float32 } from "../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { runCommand } from "./run-command.ts";

const run = (...args: string[]) => runCommand(sitesCommand, args);
const rejected = (promise: Promise<string>): Promise<string> =>
  promise.then(
    () => "",
    (error: Error) => error.message,
  );

describe("medke sites", () => {
  const folder = mkdtempSync(join(tmpdir(), "medke-sites-"));
  const file = join(folder, "net.onnx");
  const map = join(folder, "map.json");
  before(() => {
    const model = makeModel({
      nodes: [
        makeNode("MatMul", ["x", "w"], ["h"], {}, "first"),
        makeNode("MatMul", ["h", "h"], ["r"], {}, "square"),
        makeNode("Relu", ["r"], ["y"], {}, "relu"),
      ],
      inputs: [makeValueInfo("x", "float32", [2, 2])],
      outputs: [makeValueInfo("y")],
      initializers: [makeTensor("w", float32([1, 2, 3, 4], [2, 2]))],
    });
    writeFileSync(file, writeModel(model));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("says what could not be told", async () => {
    expect(await run(file)).to.equal(
      'net.onnx: 0 sites\n  not told: node "first" (MatMul, weight "w"): no role; name it in a map if it is one.'.replace(
        "net.onnx",
        file,
      ),
    );
  });

  it("takes a map from site id to node name", async () => {
    writeFileSync(map, JSON.stringify({ "layers.0.mlp.fc1": "first", "layers.0.output": "relu" }));
    const { graphs } = JSON.parse(await run(folder, "--map", map, "--json"));
    expect(graphs).to.have.length(1);
    expect(graphs[0].sites.map((site: Record<string, unknown>) => [site.id, site.node, site.found])).to.deep.equal([
      ["layers.0.mlp.fc1", "first", "map"],
      ["layers.0.output", "relu", "map"],
    ]);
  });

  it("refuses a broken map, an unknown path and a missing one, each with what to do", async () => {
    writeFileSync(map, "[1]");
    expect(await rejected(run(folder, "--map", map))).to.match(
      /map\.json": it is not an object\. Write an object such as/,
    );
    expect(await rejected(run(join(folder, "none")))).to.match(/there is no such file or folder\. Give a model folder/);
    expect(await rejected(run())).to.match(/^Give one model, model folder or \.onnx file/);
  });
});

describeWithShared("medke sites on a model folder", ["models/vqarad-tiny-vlm/onnx"], () => {
  it("prints a table for every graph of the folder", async () => {
    const text = await run(shared("models/vqarad-tiny-vlm"));
    expect(text).to.match(/^onnx\/decoder_model_merged\.onnx: 17 sites$/m);
    expect(text).to.match(
      /^ {2}layers\.1\.mlp\.down_proj +mlp\.down_proj +1 +\/mlp\/down_proj_1\/MatMul +onnx::MatMul_551 +\[384, 128\] +floats +name and structure$/m,
    );
    expect(text).to.match(/^ {2}projector +projector +- +p\/\/fc\/MatMul .* structure$/m);
    expect(text).to.match(/^ {2}embed_tokens .*\[2048, 128\]/m);
    expect(text).to.include("not told: 51 convolutions inside a convolutional network have no role of their own.");
  });
});
