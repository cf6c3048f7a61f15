import { create } from "@bufbuild/protobuf";
import { expect } from "chai";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type FunctionProto,
  FunctionProtoSchema,
  type NodeProto,
  OperatorSetIdProtoSchema,
} from "onnx-buf";
import {
  findSites,
  inlineFunctions,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  OnnxFormatError,
  readModel,
  writeModel,
} from "../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { float32 } from "../../../kernels/tensor.ts";
import { runGraph } from "./run-graph.ts";
import { seededValues } from "./seeded-values.ts";

const DOMAIN = "pkg.test";
const set = (domain: string, version: number) => create(OperatorSetIdProtoSchema, { domain, version: BigInt(version) });

const functionOf = (
  name: string,
  input: string[],
  output: string[],
  node: NodeProto[],
  more: { attribute?: string[]; opsetImport?: FunctionProto["opsetImport"] } = {},
) =>
  create(FunctionProtoSchema, {
    name,
    domain: DOMAIN,
    input,
    output,
    node,
    opsetImport: [set("", 17), set(DOMAIN, 1)],
    ...more,
  });

const inDomain = (node: NodeProto): NodeProto => Object.assign(node, { domain: DOMAIN });

const referring = (node: NodeProto, name: string, to: string): NodeProto => {
  node.attribute.push(
    create(AttributeProtoSchema, { name, refAttrName: to, type: AttributeProto_AttributeType.FLOAT }),
  );
  return node;
};

const withFunctions = (functions: FunctionProto[], nodes: NodeProto[]): OnnxModel => {
  const model = makeModel({
    nodes,
    inputs: [makeValueInfo("x", "float32", ["n", 3])],
    outputs: [makeValueInfo("y", "float32", ["n", 3])],
    initializers: [makeTensor("w", seededValues("float32", [3, 3], 1, 1))],
  });
  model.functions = functions;
  model.opsetImport.push(set(DOMAIN, 1));
  return model;
};

/** A branch that reads its value from the graph around it. */
const branch = (node: NodeProto) =>
  makeModel({ nodes: [node], inputs: [], outputs: [makeValueInfo(node.output[0], "float32", ["n", 3])] }).graph;

/** Linear, then an activation whose slope is an attribute; the inner function is called from inside a branch as well. */
const realistic = (): OnnxModel => {
  const sloped = functionOf(
    "Sloped",
    ["x"],
    ["y"],
    [referring(makeNode("LeakyRelu", ["x"], ["t"], {}, "leaky"), "alpha", "slope"), makeNode("Neg", ["t"], ["y"])],
    { attribute: ["slope"] },
  );
  const linear = functionOf(
    "Linear",
    ["x", "w"],
    ["y", "x"],
    [
      makeNode("MatMul", ["x", "w"], ["t"], {}, "MatMul"),
      inDomain(makeNode("Sloped", ["t"], ["s"], { slope: { float: 0.25 } }, "act")),
      makeNode("Identity", ["s"], ["y"]),
    ],
  );
  const choice = makeNode("If", ["flag"], ["y"], {}, "if");
  choice.attribute = [
    create(AttributeProtoSchema, {
      name: "then_branch",
      type: AttributeProto_AttributeType.GRAPH,
      g: branch(inDomain(makeNode("Sloped", ["b"], ["inside"], { slope: { float: 2 } }))),
    }),
    create(AttributeProtoSchema, {
      name: "else_branch",
      type: AttributeProto_AttributeType.GRAPH,
      g: branch(makeNode("Neg", ["b"], ["inside"])),
    }),
  ];
  return withFunctions(
    [sloped, linear],
    [
      inDomain(makeNode("Linear", ["x", "w"], ["a"], {}, "/layers.0/mlp/fc1")),
      inDomain(makeNode("Linear", ["a", "w"], ["t"], {}, "/layers.1/mlp/fc1")),
      makeNode("Add", ["t", "a"], ["b"]),
      makeNode("ReduceMax", ["b"], ["top"], { keepdims: 0 }),
      makeNode("Greater", ["top", "zero"], ["flag"]),
      choice,
    ],
  );
};
/** The same computation without functions. (ONNX Runtime itself refuses functions that call functions.) */
const plain = (): OnnxModel => {
  const sloped = (x: string, y: string, slope: number) => [
    makeNode("LeakyRelu", [x], [`${y}-`], { alpha: { float: slope } }),
    makeNode("Neg", [`${y}-`], [y]),
  ];
  const model = complete();
  const choice = model.graph.node.at(-1)!;
  const taken = makeModel({
    nodes: sloped("b", "inside", 2),
    inputs: [],
    outputs: [makeValueInfo("inside", "float32")],
  });
  choice.attribute[0].g = taken.graph;
  model.functions = [];
  model.graph.node = [
    makeNode("MatMul", ["x", "w"], ["p"]),
    ...sloped("p", "a", 0.25),
    makeNode("MatMul", ["a", "w"], ["q"]),
    ...sloped("q", "t", 0.25),
    ...model.graph.node.slice(2),
  ];
  return model;
};
const complete = () => {
  const model = realistic();
  model.graph.initializer.push(makeTensor("zero", float32([0], [])));
  return model;
};

const refusal = (model: OnnxModel): string => {
  try {
    inlineFunctions(model, "model.onnx");
  } catch (error) {
    expect(error).to.be.instanceOf(OnnxFormatError);
    return (error as Error).message;
  }
  throw new Error("the model was accepted");
};

describe("functions that a model defines", () => {
  it("become operators with the same results: attributes, nesting, branches", async () => {
    const model = readModel(writeModel(complete()), "model.onnx");
    const inlined = inlineFunctions(model, "model.onnx");
    expect(inlined.functions).to.deep.equal([]);
    expect(inlined.graph.node.every((node) => node.domain === "")).to.equal(true);
    for (const seed of [1, 2, 3, 4]) {
      const x = seededValues("float32", [2, 3], 1, seed);
      expect((await runGraph(inlined, { x })).y).to.deep.equal((await runGraph(plain(), { x })).y);
    }
  });

  it("take missing arguments as absent ones, and hand arguments through", async () => {
    const clip = functionOf("ClipTwo", ["x", "low"], ["y", "x"], [makeNode("Clip", ["x", "low"], ["y"])]);
    const model = withFunctions(
      [clip],
      [inDomain(makeNode("ClipTwo", ["x"], ["a", "b"])), makeNode("Add", ["a", "b"], ["y"])],
    );
    const x = seededValues("float32", [2, 3], 1, 5);
    const { y } = await runGraph(inlineFunctions(model, "model.onnx"), { x });
    expect([...(y.data as Float32Array)]).to.deep.equal([...(x.data as Float32Array)].map((value) => 2 * value));
  });

  it("carry the name of their call, so that sites are found inside", () => {
    expect(findSites(inlineFunctions(complete(), "model.onnx")).map((site) => site.id)).to.deep.equal([
      "layers.0.mlp.fc1",
      "layers.1.mlp.fc1",
    ]);
  });

  it("leave the model given as it was, and a model without functions untouched", () => {
    const model = complete();
    const before = writeModel(model);
    inlineFunctions(model, "model.onnx");
    expect(Buffer.compare(writeModel(model), before)).to.equal(0);
    model.functions = [];
    expect(inlineFunctions(model, "model.onnx")).to.equal(model);
  });

  it("that call themselves are refused", () => {
    const again = functionOf("Again", ["x"], ["y"], [inDomain(makeNode("Again", ["x"], ["y"]))]);
    expect(refusal(withFunctions([again], [inDomain(makeNode("Again", ["x"], ["y"]))]))).to.contain(
      'its function "Again" calls itself',
    );
  });

  it("that unfold to more nodes than any model has are refused, soon", () => {
    const levels = Array.from({ length: 12 }, (_, level) =>
      functionOf(
        `F${level}`,
        ["x"],
        ["y"],
        Array.from({ length: 10 }, (_, i) =>
          Object.assign(makeNode(level ? `F${level - 1}` : "Neg", [i ? `t${i - 1}` : "x"], [i === 9 ? "y" : `t${i}`]), {
            domain: level ? DOMAIN : "",
          }),
        ),
      ),
    );
    const start = Date.now();
    expect(refusal(withFunctions(levels, [inDomain(makeNode("F11", ["x"], ["y"]))]))).to.contain(
      "unfold to more than 1000000 nodes",
    );
    expect(Date.now() - start).to.be.lessThan(20_000);
  });

  it("that call each other endlessly deep are refused", () => {
    const chain = Array.from({ length: 5000 }, (_, i) =>
      functionOf(`F${i}`, ["x"], ["y"], [inDomain(makeNode(`F${i + 1}`, ["x"], ["y"]))]),
    );
    expect(refusal(withFunctions(chain, [inDomain(makeNode("F0", ["x"], ["y"]))]))).to.contain(
      "call each other more than 100 deep",
    );
  });

  it("written in another operator set version than the graph are refused", () => {
    const old = functionOf("Old", ["x"], ["y"], [makeNode("Neg", ["x"], ["y"])], { opsetImport: [set("", 11)] });
    expect(refusal(withFunctions([old], [inDomain(makeNode("Old", ["x"], ["y"]))]))).to.contain(
      'its function "Old" is written in version 11',
    );
  });

  it("bring operator sets that the graph did not name", () => {
    const other = functionOf(
      "Gelu",
      ["x"],
      ["y"],
      [Object.assign(makeNode("FastGelu", ["x"], ["y"]), { domain: "com.microsoft" })],
      { opsetImport: [set("", 17), set("com.microsoft", 1)] },
    );
    const inlined = inlineFunctions(withFunctions([other], [inDomain(makeNode("Gelu", ["x"], ["y"]))]), "model.onnx");
    expect(inlined.opsetImport.map((each) => each.domain)).to.include("com.microsoft");
  });
});
