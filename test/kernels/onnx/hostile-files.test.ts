import { linkSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { expect } from "chai";
import { create, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  TensorProto_DataType,
  type TensorProto,
} from "onnx-buf";
import {
  initializerMap,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  OnnxFormatError,
  readModel,
  readModelFile,
  sessionSource,
  tensorOf,
  WeightValuesError,
  writeModel,
} from "../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { float32 } from "../../../kernels/tensor.ts";
import { affine, external, floatBytes, newFolder } from "./external-model.ts";

const MB = 2 ** 20;
const W = () => makeTensor("w", float32([1, 2, 3, 4, 5, 6], [2, 3]));
const B = () => makeTensor("b", float32([1, 2, 3], [3]));

/** Length-delimited field of the wire format. */
const field = (number: number, body: Uint8Array): Buffer => {
  const size: number[] = [];
  for (let rest = body.length; ; rest = Math.floor(rest / 128)) {
    size.push(rest < 128 ? rest : (rest % 128) + 128);
    if (rest < 128) break;
  }
  return Buffer.concat([Buffer.from([number * 8 + 2, ...size]), body]);
};
const GRAPH = 7;
const NODE = 1;

const changed = (change: (model: OnnxModel) => void): Uint8Array => {
  const model = affine(W(), B());
  change(model);
  return writeModel(model);
};
const weight = (change: (tensor: TensorProto) => void) =>
  changed((model) => {
    change(model.graph.initializer[0]);
  });

/** What is wrong with a file, the bytes, and what the reader must say. */
const DAMAGED: [string, () => Uint8Array, RegExp][] = [
  ["an empty file", () => new Uint8Array(0), /the file is empty/],
  [
    "random bytes",
    () => Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919 + 13) % 256),
    /truncated or damaged|holds no graph/,
  ],
  [
    "a nested length that reaches beyond the file",
    () => Buffer.from([GRAPH * 8 + 2, 0xff, 0xff, 0xff, 0xff, 0x07, 1]),
    /truncated or damaged/,
  ],
  [
    "a length of ten bytes, more than 64 bits",
    () => Buffer.from([GRAPH * 8 + 2, ...Array(10).fill(0xff), 1]),
    /truncated or damaged/,
  ],
  [
    "a node list that is a number: wrong wire type",
    () => field(GRAPH, Buffer.from([NODE * 8 + 0, 5])),
    /truncated or damaged|no outputs|names no operator/,
  ],
  [
    "a graph that is a 64-bit number: wrong wire type",
    () => Buffer.from([GRAPH * 8 + 1, 1, 2, 3, 4, 5, 6, 7, 8]),
    /truncated or damaged|holds no graph/,
  ],
  [
    "names that are no text: broken UTF-8 in a node's input",
    () => changed((m) => (m.graph.node[0].input[0] = "x\ufffd")),
    /reads "x\ufffd", which nothing before it produces/,
  ],
  [
    "messages nested a thousand deep",
    () =>
      Array.from({ length: 1000 }).reduce<Buffer>(
        (inner) => field(GRAPH, field(NODE, field(5, field(6, inner)))),
        Buffer.alloc(0),
      ),
    /truncated or damaged|no outputs/,
  ],
  [
    "a million empty nodes",
    () => field(GRAPH, Buffer.alloc(2_000_000, Buffer.from([NODE * 8 + 2, 0]))),
    /no outputs|names no operator/,
  ],
  [
    "a cycle between two nodes",
    () => changed((m) => (m.graph.node[0].input[0] = "y")),
    /reads "y", which nothing before it produces/,
  ],
  ["a node that reads itself", () => changed((m) => (m.graph.node[1].input[1] = "y")), /reads "y"/],
  ["nodes in the wrong order", () => changed((m) => m.graph.node.reverse()), /reads "h"/],
  [
    "one value from two nodes",
    () => changed((m) => m.graph.node.push(makeNode("Neg", ["x"], ["h"]))),
    /produces "h" a second time/,
  ],
  [
    "a node that produces a graph input",
    () => changed((m) => m.graph.node.push(makeNode("Neg", ["h"], ["x"]))),
    /produces "x" a second time/,
  ],
  ["two weights of one name", () => changed((m) => m.graph.initializer.push(W())), /two weights have the name "w"/],
  [
    "two inputs of one name",
    () => changed((m) => m.graph.input.push(makeValueInfo("x", "float32", [1]))),
    /two inputs have the name "x"/,
  ],
  [
    "two outputs of one name",
    () => changed((m) => m.graph.output.push(makeValueInfo("y", "float32", [1]))),
    /two outputs have the name "y"/,
  ],
  [
    "a 10 GB shape with a few bytes",
    () => weight((t) => (t.dims = [2_500_000_000n])),
    /holds 24 bytes, its shape \[2500000000\] asks for 10000000000/,
  ],
  [
    "a 10 GB shape with no bytes",
    () => weight((t) => ((t.dims = [2_500_000_000n]), (t.rawData = new Uint8Array(0)))),
    /holds 0 bytes/,
  ],
  [
    "a shape whose product overflows",
    () => weight((t) => (t.dims = [2n ** 62n, 2n ** 62n, 4n])),
    /which no memory can hold/,
  ],
  [
    "a shape that overflows to the right size",
    () => weight((t) => (t.dims = [2n ** 32n, 2n ** 32n, 6n])),
    /which no memory can hold/,
  ],
  [
    "a shape of a million dimensions",
    () => weight((t) => (t.dims = Array<bigint>(1_000_000).fill(2n ** 62n))),
    /\[4611686018427387904, .*1000000 in all\], which no memory can hold/,
  ],
  ["a negative dimension", () => weight((t) => (t.dims = [-2n, -3n])), /negative dimension/],
  ["a weight without a type", () => weight((t) => (t.dataType = 0)), /no element type/],
  ["a weight of a type that does not exist", () => weight((t) => (t.dataType = 99)), /element type 99 does not exist/],
  [
    "text weights fewer than the shape says",
    () => weight((t) => ((t.dataType = TensorProto_DataType.STRING), (t.rawData = new Uint8Array(0)))),
    /holds 0 strings, its shape asks for 6/,
  ],
  [
    "a graph that asks for an operator set it does not name",
    () => changed((m) => (m.graph.node[0].domain = "evil.example")),
    /needs operator set "evil.example"/,
  ],
  [
    "a constant shape of 10 GB to be filled at load",
    () =>
      changed((m) => {
        m.graph.initializer.push({
          ...makeTensor("shape", { type: "int64", dims: [2], data: BigInt64Array.of(50_000n, 50_000n) }),
        });
        m.graph.node.unshift(makeNode("ConstantOfShape", ["shape"], ["huge"], {}, "bomb"));
      }),
    /node "bomb" \(ConstantOfShape\) makes \[50000, 50000\] values/,
  ],
];

describe("hostile model files", () => {
  for (const [what, bytes, problem] of DAMAGED)
    it(`${what}: a typed error, soon, in little memory`, () => {
      const given = bytes();
      const [start, memory] = [Date.now(), process.memoryUsage().rss];
      let error: Error | undefined;
      try {
        readModel(given, "model.onnx");
      } catch (thrown) {
        error = thrown as Error;
      }
      expect(error).to.be.instanceOf(OnnxFormatError);
      expect(error!.message)
        .to.match(/^model\.onnx: not a valid ONNX model: /)
        .and.match(problem);
      expect(Date.now() - start).to.be.lessThan(20_000);
      expect(process.memoryUsage().rss - memory).to.be.lessThan(1500 * MB);
    });

  it("a whole file with any byte replaced never gives anything but a model or a typed error", () => {
    const whole = changed(() => {});
    let accepted = 0;
    for (let at = 0; at < whole.length; at++)
      for (const byte of [0, 1, 0x7f, 0x80, 0xff]) {
        const bytes = Uint8Array.from(whole);
        bytes[at] = byte;
        try {
          const model = readModel(bytes, "model.onnx");
          for (const tensor of model.graph.initializer) tensorOf(tensor);
          accepted++;
        } catch (error) {
          if (!(error instanceof OnnxFormatError || error instanceof WeightValuesError)) throw error;
        }
      }
    expect(accepted).to.be.greaterThan(0);
  });

  it("names of megabytes and of control characters do not reach the message", () => {
    const name = `\u001b[31m${"n".repeat(3 * MB)}`;
    const bytes = changed((model) => (model.graph.node[0].input[0] = name));
    expect(() => readModel(bytes, "model.onnx"))
      .to.throw(OnnxFormatError)
      .with.property("message")
      .that.matches(/reads "\?\[31mnnn/)
      .and.satisfies((message: string) => message.length < 1000);
  });

  it("text as a weight can be read but not computed with", () => {
    const bytes = weight((t) => {
      t.dataType = TensorProto_DataType.STRING;
      t.rawData = new Uint8Array(0);
      t.stringData = Array.from({ length: 6 }, () => new TextEncoder().encode("a"));
    });
    expect(() => tensorOf(initializerMap(readModel(bytes, "model.onnx")).get("w")!)).to.throw(
      WeightValuesError,
      "element type 8",
    );
  });

  it("names that are properties of every object are names like any other", () => {
    const model = makeModel({
      nodes: [makeNode("Add", ["__proto__", "constructor"], ["toString"])],
      inputs: [makeValueInfo("__proto__", "float32", [1])],
      outputs: [makeValueInfo("toString", "float32", [1])],
      initializers: [makeTensor("constructor", float32([1], [1]))],
    });
    expect([...initializerMap(readModel(writeModel(model), "model.onnx")).keys()]).to.deep.equal(["constructor"]);
  });

  it("branches nested deeper than the format's reader goes are refused on writing too", () => {
    let graph = makeModel({ nodes: [makeNode("Neg", ["x"], ["y"])], inputs: [], outputs: [makeValueInfo("y")] }).graph;
    for (let i = 0; i < 60; i++) {
      const node = makeNode("If", ["flag"], ["y"]);
      node.attribute = ["then_branch", "else_branch"].map((name) =>
        create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.GRAPH, g: graph }),
      );
      if (i > 0) node.attribute.pop();
      graph = makeModel({ nodes: [node], inputs: [], outputs: [makeValueInfo("y")] }).graph;
    }
    const bytes = toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, { graph, opsetImport: [{ domain: "", version: 17n }] }),
    );
    expect(() => readModel(bytes, "model.onnx")).to.throw(OnnxFormatError, "truncated or damaged");
  });
});

describe("hostile data files", () => {
  let folder: string;
  let outside: string;
  const secret = () => join(outside, "secret.bin");
  const LONG_AGO = new Date("2001-02-03T04:05:06Z");
  beforeEach(() => {
    folder = newFolder();
    outside = newFolder();
    writeFileSync(secret(), floatBytes(66, 66, 66, 66, 66, 66));
    // Reading a file updates its access time where it lies in the past, also on systems that do so rarely: a canary.
    utimesSync(secret(), LONG_AGO, LONG_AGO);
    writeFileSync(join(folder, "data.bin"), floatBytes(1, 2, 3, 4, 5, 6));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    rmSync(outside, { recursive: true });
  });
  const untouched = () => expect(statSync(secret()).atime).to.deep.equal(LONG_AGO);
  const refusal = async (
    entries: Record<string, string>,
    change: (tensor: TensorProto) => void = () => {},
  ): Promise<string> => {
    const tensor = external("w", [2, 3], entries);
    change(tensor);
    writeFileSync(join(folder, "model.onnx"), writeModel(affine(tensor, B())));
    const error = await readModelFile(join(folder, "model.onnx")).then(
      (model) => tensorOf(initializerMap(model).get("w")!),
      (e) => e,
    );
    expect(error).to.be.instanceOf(OnnxFormatError);
    untouched();
    return error.message;
  };

  it("the canary tells when a file is read", function () {
    readFileSync(secret());
    // Mounted with noatime nothing is told; the messages below then stand alone.
    if (statSync(secret()).atime.getTime() === LONG_AGO.getTime()) this.skip();
  });

  const BAD: [string, Record<string, string>, RegExp][] = [
    ["a step upwards", { location: "../secret.bin" }, /a path that leaves the model's folder/],
    ["a step upwards inside a path", { location: "data/../../secret.bin" }, /a path that leaves the model's folder/],
    ["an absolute path", { location: "/etc/passwd" }, /an absolute path/],
    ["a drive letter", { location: "C:/secret.bin" }, /an absolute path/],
    ["backslashes", { location: "..\\secret.bin" }, /a backslash/],
    ["a zero byte", { location: "data.bin\0.txt" }, /a zero byte/],
    ["no place at all", {}, /another file that is not named/],
    ["an empty place", { location: "" }, /another file that is not named/],
    ["the folder itself", { location: "." }, /link to a file outside|is not a file/],
    ["a file that is not there", { location: "absent.bin" }, /lie in "absent.bin", which is missing/],
    [
      "an offset beyond the file",
      { location: "data.bin", offset: "24" },
      /takes bytes 24 to 48 of "data.bin", which has 24/,
    ],
    [
      "an offset that overflows",
      { location: "data.bin", offset: "18446744073709551616" },
      /starts at byte "18446744073709551616"/,
    ],
    ["a negative offset", { location: "data.bin", offset: "-24" }, /starts at byte "-24"/],
    ["an offset in hexadecimal", { location: "data.bin", offset: "0x10" }, /starts at byte "0x10"/],
    [
      "a length longer than the shape",
      { location: "data.bin", length: "10000000000" },
      /takes 10000000000 bytes of "data.bin", its shape \[2, 3\] asks for 24/,
    ],
    ["a negative length", { location: "data.bin", length: "-1" }, /takes "-1" bytes/],
  ];
  for (const [what, entries, problem] of BAD)
    it(`${what}: refused, nothing outside the folder is read`, async () => {
      expect(await refusal(entries)).to.match(problem);
    });

  it("a link that leaves the folder is refused, also behind another link", async () => {
    symlinkSync(secret(), join(folder, "link.bin"));
    symlinkSync("link.bin", join(folder, "second.bin"));
    symlinkSync(outside, join(folder, "folder"));
    for (const location of ["link.bin", "second.bin", "folder/secret.bin"])
      expect(await refusal({ location })).to.contain(`"${location}" is a link to a file outside the model's folder`);
  });

  it("a link inside the folder is followed, and so is a second name of a file", async () => {
    mkdirSync(join(folder, "real"));
    linkSync(join(folder, "data.bin"), join(folder, "real/data.bin"));
    symlinkSync("real/data.bin", join(folder, "link.bin"));
    writeFileSync(join(folder, "model.onnx"), writeModel(affine(external("w", [2, 3], { location: "link.bin" }), B())));
    const model = await readModelFile(join(folder, "model.onnx"));
    expect(tensorOf(initializerMap(model).get("w")!)).to.deep.equal(float32([1, 2, 3, 4, 5, 6], [2, 3]));
  });

  it("a link put in the place of a data file after the model was read is not followed", async () => {
    writeFileSync(join(folder, "model.onnx"), writeModel(affine(external("w", [2, 3], { location: "data.bin" }), B())));
    const model = await readModelFile(join(folder, "model.onnx"));
    rmSync(join(folder, "data.bin"));
    symlinkSync(secret(), join(folder, "data.bin"));
    expect(() => tensorOf(initializerMap(model).get("w")!)).to.throw(OnnxFormatError, "cannot be read");
    untouched();
  });

  it("a pipe does not make the reader wait", async () => {
    execFileSync("mkfifo", [join(folder, "pipe.bin")]);
    expect(await refusal({ location: "pipe.bin" })).to.contain("is not a file");
  });

  it("a 10 GB shape over a short file allocates nothing", async () => {
    const before = process.memoryUsage().rss;
    expect(await refusal({ location: "data.bin" }, (tensor) => (tensor.dims = [2_500_000_000n]))).to.contain(
      'takes bytes 0 to 10000000000 of "data.bin", which has 24',
    );
    expect(process.memoryUsage().rss - before).to.be.lessThan(64 * MB);
  });

  it("text weights outside are refused", async () => {
    expect(
      await refusal({ location: "data.bin" }, (tensor) => (tensor.dataType = TensorProto_DataType.STRING)),
    ).to.contain("holds text, which cannot lie in another file");
  });

  it("a hostile constant inside a node is refused as a weight is", async () => {
    const model = affine(W(), B());
    model.graph.node.unshift(
      makeNode("Constant", [], ["c"], { value: external("", [2, 3], { location: "../secret.bin" }) }, "constant"),
    );
    writeFileSync(join(folder, "model.onnx"), writeModel(model));
    const error = await readModelFile(join(folder, "model.onnx")).catch((e) => e);
    expect(error).to.be.instanceOf(OnnxFormatError);
    expect(error.message).to.contain("a path that leaves the model's folder");
    untouched();
  });

  it("a folder, a missing file and a file above 2 GB in place of a model are named", async () => {
    mkdirSync(join(folder, "model.onnx"));
    expect((await readModelFile(join(folder, "model.onnx")).catch((e) => e)).message).to.contain(
      "the file cannot be read",
    );
    expect(await readModelFile(join(folder, "none.onnx")).catch((e) => e)).to.be.instanceOf(OnnxFormatError);
    execFileSync("truncate", ["-s", "3G", join(folder, "large.onnx")]);
    expect((await readModelFile(join(folder, "large.onnx")).catch((e) => e)).message).to.contain(
      "the format's limit is 2 GB",
    );
  });

  it("a graph read without its folder is not run with weights from the working directory", () => {
    const model = readModel(writeModel(affine(external("w", [2, 3], { location: "data.bin" }), B())), "model.onnx");
    expect(() => sessionSource(model)).to.throw(OnnxFormatError, "it lies in a data file that was not found");
  });
});
