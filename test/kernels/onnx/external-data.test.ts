import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { TensorProto_DataType } from "onnx-buf";
import {
  dense,
  denseInputName,
  ExternalDataError,
  externalise,
  findSites,
  initializerMap,
  internalBytes,
  makeTensor,
  readModelFile,
  sessionSource,
  tensorOf,
  WeightValuesError,
  writeModel,
  writeModelFile,
} from "../../../kernels/onnx/index.ts";
import { Runtime } from "../../../kernels/runtime/runtime.ts";
import { float32, int64 } from "../../../kernels/tensor.ts";
import { affine, external, floatBytes, newFolder } from "./external-model.ts";

const W = [1, 2, 3, 4, 5, 6];
const X = float32([1, 1], [1, 2]);

describe("weights in data files", () => {
  let folder: string;
  let runtime: Runtime;
  before(async () => {
    runtime = await Runtime.start("cpu");
  });
  after(() => runtime.dispose());
  beforeEach(() => {
    folder = newFolder();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** w in one file at an offset, b in another, in a folder below. */
  const writeTwoFiles = () => {
    mkdirSync(join(folder, "data"));
    writeFileSync(join(folder, "model.onnx_data"), Buffer.concat([Buffer.alloc(64), floatBytes(...W)]));
    writeFileSync(join(folder, "data/model.onnx_data_1"), floatBytes(10, 20, 30));
    const model = affine(
      external("w", [2, 3], { location: "model.onnx_data", offset: "64", length: "24" }),
      external("b", [3], { location: "./data/model.onnx_data_1" }),
    );
    writeFileSync(join(folder, "model.onnx"), writeModel(model));
    return join(folder, "model.onnx");
  };
  const answer = async (source: Parameters<Runtime["open"]>[0], feeds = {}) => {
    const session = await runtime.open(source, "test");
    const { y } = await session.run({ x: X, ...feeds });
    await session.release();
    return [...(y.data as Float32Array)];
  };

  it("are read one by one, from several files", async () => {
    const model = await readModelFile(writeTwoFiles());
    const weights = initializerMap(model);
    expect(tensorOf(weights.get("w")!)).to.deep.equal(float32(W, [2, 3]));
    expect(tensorOf(weights.get("b")!)).to.deep.equal(float32([10, 20, 30], [3]));
    expect(internalBytes(model)).to.equal(0);
  });

  it("are not copied when the graph is rewritten: the engine maps the original files", async () => {
    const model = await readModelFile(writeTwoFiles());
    const edited = dense(model, findSites(model)[0]);
    const source = sessionSource(edited);
    expect(source.folder).to.equal(folder);
    expect(Buffer.from(source.bytes).includes(Buffer.from(floatBytes(...W)))).to.equal(false);
    const delta = (value: number) => ({
      [denseInputName(findSites(model)[0].id)]: float32(Array(6).fill(value), [2, 3]),
    });
    expect(await answer(source, delta(0))).to.deep.equal([15, 27, 39]);
    expect(await answer(source, delta(1))).to.deep.equal([17, 29, 41]);
  });

  it("stay where they are when a rewritten graph is written beside them or above", async () => {
    const model = await readModelFile(writeTwoFiles());
    await writeModelFile(model, join(folder, "copy.onnx"));
    expect(await answer(join(folder, "copy.onnx"))).to.deep.equal([15, 27, 39]);
    expect(statSync(join(folder, "copy.onnx")).size).to.be.lessThan(600);
    expect(readdirSync(folder).sort()).to.deep.equal(["copy.onnx", "data", "model.onnx", "model.onnx_data"]);
    const elsewhere = newFolder();
    const error = await writeModelFile(model, join(elsewhere, "copy.onnx")).catch((e) => e);
    expect(error).to.be.instanceOf(ExternalDataError);
    expect(error.message).to.include("Write the model into the folder of its data files");
    expect(readdirSync(elsewhere)).to.deep.equal([]);
    rmSync(elsewhere, { recursive: true });
  });

  it("are found through a download cache, whose folder holds links to files that lie together elsewhere", async () => {
    mkdirSync(join(folder, "blobs"));
    mkdirSync(join(folder, "snapshot"));
    const model = affine(
      external("w", [2, 3], { location: "model.onnx_data" }),
      makeTensor("b", float32([1, 1, 1], [3])),
    );
    writeFileSync(join(folder, "blobs/aaaa"), writeModel(model));
    writeFileSync(join(folder, "blobs/bbbb"), floatBytes(...W));
    symlinkSync("../blobs/aaaa", join(folder, "snapshot/model.onnx"));
    symlinkSync("../blobs/bbbb", join(folder, "snapshot/model.onnx_data"));
    expect(await answer(sessionSource(await readModelFile(join(folder, "snapshot/model.onnx"))))).to.deep.equal([
      6, 8, 10,
    ]);
  });

  it("may be absent while the graph alone is looked at", async () => {
    const path = writeTwoFiles();
    rmSync(join(folder, "model.onnx_data"));
    const error = await readModelFile(path).catch((e) => e);
    expect(error).to.be.instanceOf(ExternalDataError);
    expect(error.message).to.include(
      'its weights lie in "model.onnx_data", which is missing. Put "model.onnx_data" beside the model file.',
    );
    const model = await readModelFile(path, { allowMissingWeights: true });
    expect(findSites(model)).to.have.length(1);
    expect(() => tensorOf(initializerMap(model).get("w")!)).to.throw(WeightValuesError, 'weight "w"');
    expect(() => sessionSource(model)).to.throw(ExternalDataError, 'weight "w"');
  });

  it("are read from beyond 2 GB, and run there, without the file being read", async () => {
    const offset = 2.5 * 2 ** 30;
    const data = join(folder, "model.onnx_data");
    const handle = openSync(data, "w");
    writeSync(handle, floatBytes(...W), 0, 24, offset);
    closeSync(handle);
    truncateSync(data, 3 * 2 ** 30);
    const model = affine(
      external("w", [2, 3], { location: "model.onnx_data", offset: String(offset), length: "24" }),
      external("b", [3], { location: "model.onnx_data", offset: String(3 * 2 ** 30 - 12), length: "12" }),
    );
    // 2 GB and one page of zeros: no copy of it fits the format or a test's memory.
    model.graph.initializer.push(external("unused", [2 ** 29 + 1024], { location: "model.onnx_data" }));
    writeFileSync(join(folder, "model.onnx"), writeModel(model));
    const before = process.memoryUsage().rss;
    const read = await readModelFile(join(folder, "model.onnx"));
    expect(tensorOf(initializerMap(read).get("w")!)).to.deep.equal(float32(W, [2, 3]));
    expect(await answer(sessionSource(read))).to.deep.equal([5, 7, 9]);
    expect(process.memoryUsage().rss - before).to.be.lessThan(2 ** 28);
    expect(statSync(data).blocks * 512).to.be.lessThan(2 ** 20);
  });

  it("of a model that holds them inside move to a data file when asked, with the same results", async () => {
    const big = float32(
      Float32Array.from({ length: 4096 }, (_, i) => i),
      [4096],
    );
    const model = affine(makeTensor("w", float32(W, [2, 3])), makeTensor("b", float32([1, 2, 3], [3])));
    model.graph.initializer.push(makeTensor("big", big));
    const moved = externalise(model, folder, "weights.bin");
    expect(internalBytes(model) - internalBytes(moved)).to.equal(16384);
    expect(statSync(join(folder, "weights.bin")).size).to.equal(16384);
    expect(tensorOf(initializerMap(moved).get("big")!)).to.deep.equal(big);
    expect(await answer(sessionSource(moved))).to.deep.equal(await answer(writeModel(model)));
  });

  it("that are shapes and indices are taken into the graph, where sites and shape rules look for them", async () => {
    const model = affine(makeTensor("w", float32(W, [2, 3])), makeTensor("b", float32([1, 2, 3], [3])));
    const axes = external("axes", [2], { location: "model.onnx_data", offset: "8" });
    axes.dataType = TensorProto_DataType.INT64;
    model.graph.initializer.push(axes);
    writeFileSync(join(folder, "model.onnx_data"), new Uint8Array(BigInt64Array.of(0n, 7n, -1n).buffer));
    writeFileSync(join(folder, "model.onnx"), writeModel(model));
    const read = initializerMap(await readModelFile(join(folder, "model.onnx"))).get("axes")!;
    expect(read.rawData).to.have.length(16);
    expect(tensorOf(read)).to.deep.equal(int64([7, -1], [2]));
  });

  it("that shrank after the model was read are reported, not padded", async () => {
    const model = await readModelFile(writeTwoFiles());
    truncateSync(join(folder, "model.onnx_data"), 70);
    expect(() => tensorOf(initializerMap(model).get("w")!)).to.throw(ExternalDataError, "the file ends 18 bytes early");
  });

  it("leave a file that names no data file as it was", async () => {
    const bytes = writeModel(affine(makeTensor("w", float32(W, [2, 3])), makeTensor("b", float32([1, 2, 3], [3]))));
    writeFileSync(join(folder, "model.onnx"), bytes);
    await writeModelFile(await readModelFile(join(folder, "model.onnx")), join(folder, "copy.onnx"));
    expect(Buffer.compare(readFileSync(join(folder, "copy.onnx")), bytes)).to.equal(0);
  });
});
