import { create } from "@bufbuild/protobuf";
import { expect } from "chai";
import { TensorProto_DataType as DataType, TensorProtoSchema } from "onnx-buf";
import type { TensorProto } from "onnx-buf";
import { shallowCopy, withGraph } from "../../../../kernels/onnx/graph.ts";
import { lower, makeModel, makeNode, makeTensor, makeValueInfo } from "../../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import { fromHalf, toHalf } from "../../../../kernels/onnx/lowering/half.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { float32 } from "../../../../kernels/tensor.ts";
import { expectNear } from "../near.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";
import { specified } from "./check-lowering.ts";
import { feedsOf, fusedModel } from "./lowering-case.ts";
import type { LoweringCase, LoweringInput } from "./lowering-case.ts";
import { LOWERING_CASES } from "./lowering-cases.ts";
import { randomBytes } from "./lowering-cases-quantised.ts";

const halves = (tensor: Tensor): Tensor =>
  tensor.type === "float32"
    ? { ...tensor, type: "float16", data: Uint16Array.from(tensor.data as Float32Array, toHalf) }
    : tensor;
const numbers = (tensor: Tensor) =>
  tensor.type === "float16"
    ? Array.from(tensor.data as Uint16Array, fromHalf)
    : Array.from(tensor.data as Float32Array);

/** The case in half precision: declared, fed and stored. */
function inHalf(test: LoweringCase, factor = 1): { model: OnnxModel; feeds: Record<string, Tensor> } {
  const inputs = test.inputs.map((input): LoweringInput =>
    input.kind === "weight" ? { ...input, tensor: halves(input.tensor) } : input,
  );
  const model = fusedModel({ ...test, inputs });
  const feeds = Object.fromEntries(
    Object.entries(feedsOf(test, test.runs[0])).map(([name, tensor]) => [
      name,
      halves(
        tensor.type === "float32"
          ? float32(
              numbers(tensor).map((value) => value * factor),
              tensor.dims,
            )
          : tensor,
      ),
    ]),
  );
  const input = model.graph.input.map((info) => {
    const index = Number(info.name.slice(1));
    const spec = test.inputs[index];
    return spec.kind === "float" ? makeValueInfo(info.name, "float16", spec.dims) : info;
  });
  return { model: withGraph(model, { input }), feeds };
}

describe("lowering in half precision", () => {
  const forms: [op: string, title: string][] = [
    ["GroupQueryAttention", "padded rows, rotated, window of 2, with a cache"],
    ["GroupQueryAttention", "capped scores"],
    ["GroupQueryAttention", "a sink a head"],
    ["SkipSimplifiedLayerNormalization", "bias, outputs 1001"],
    ["SimplifiedLayerNormalization", "last axis"],
    ["RotaryEmbedding", "flat, halves, positions, 8 of 8 values"],
    ["FastGelu", "of x + bias"],
    ["MatMulNBits", "4 bits, 40 rows in blocks of 16, zero points packed"],
    ["GatherBlockQuantized", "4 bits in bytes, 48 columns, zero points"],
  ];
  for (const [op, title] of forms)
    it(`${op}, ${title}: same types and nearly the same values as the fused operator`, async () => {
      const test = LOWERING_CASES.find((candidate) => candidate.op === op && candidate.title === title)!;
      const { model, feeds } = inHalf(test);
      const [wanted, got] = [await runGraph(model, feeds), await runGraph(lower(model), feeds)];
      for (const [name, tensor] of Object.entries(wanted)) {
        expect(got[name].type).to.equal("float16");
        expect(got[name].dims).to.deep.equal(tensor.dims);
        const keep = (one: Tensor) => (name === "y0" ? specified(test, test.runs[0], one, numbers(one)) : numbers(one));
        expectNear(keep(got[name]), keep(tensor), "half", name);
      }
    });
});

describe("lowering in half precision, large values", () => {
  it("norms of values whose squares overflow stay finite", async () => {
    for (const test of LOWERING_CASES.filter(({ op }) => op === "SimplifiedLayerNormalization")) {
      const { model, feeds } = inHalf(test, 1000);
      const [wanted, got] = [await runGraph(model, feeds), await runGraph(lower(model), feeds)];
      expectNear(numbers(got.y0), numbers(wanted.y0), "half", test.title);
    }
  });
});

describe("lowering of typed 4-bit and 16-bit weights", () => {
  const packed = (dataType: DataType, dims: number[], bytes: number): TensorProto =>
    create(TensorProtoSchema, {
      name: "w",
      dataType,
      dims: dims.map(BigInt),
      rawData: Uint8Array.from(randomBytes("uint8", [bytes], 91).data as Uint8Array),
    });

  const forms: [string, TensorProto, Tensor, Record<string, number>][] = [
    ["int4, one scale", packed(DataType.INT4, [5, 3], 8), float32([0.1], []), {}],
    ["uint4, blocks", packed(DataType.UINT4, [6, 3], 9), seededValues("float32", [2, 3], 1, 7), { axis: 0, block_size: 3 }],
    ["int16, an axis", packed(DataType.INT16, [4, 3], 24), seededValues("float32", [3], 1e-3, 7), { axis: 1 }],
    ["uint16, one scale", packed(DataType.UINT16, [4, 3], 24), float32([1e-3], []), {}],
  ]; // prettier-ignore
  for (const [title, weight, scale, attributes] of forms)
    it(`DequantizeLinear of ${title}`, async () => {
      const model = makeModel({
        nodes: [makeNode("DequantizeLinear", ["w", "s"], ["d"], attributes), makeNode("Add", ["d", "x"], ["y"])],
        inputs: [makeValueInfo("x", "float32", [1])],
        outputs: [makeValueInfo("y")],
        initializers: [weight, makeTensor("s", scale)],
        opset: 21,
      });
      const newer = shallowCopy(model, { irVersion: 10n });
      const feeds = { x: float32([0], [1]) };
      expectNear((await runGraph(lower(newer), feeds)).y.data, (await runGraph(newer, feeds)).y.data, "lowered", "y");
    });

  for (const [title, dataType, zeros] of [
    ["int4", DataType.INT4, false],
    ["uint4 with zero points", DataType.UINT4, true],
  ] as const)
    it(`GatherBlockQuantized of ${title}, along another axis than the last`, async () => {
      const node = makeNode(
        "GatherBlockQuantized",
        ["w", "ids", "s", ...(zeros ? ["z"] : [])],
        ["y"],
        { gather_axis: 1, quantize_axis: 0, block_size: 16 },
      ); // prettier-ignore
      const model = makeModel({
        nodes: [shallowCopy(node, { domain: "com.microsoft" })],
        inputs: [makeValueInfo("ids", "int64", ["n"])],
        outputs: [makeValueInfo("y")],
        initializers: [
          packed(dataType, [20, 6], 60),
          makeTensor("s", seededValues("float32", [2, 6], 1, 7)),
          ...(zeros ? [shallowCopy(packed(dataType, [2, 6], 6), { name: "z" })] : []),
        ],
        opset: 21,
      });
      const [standard] = model.opsetImport;
      const opsetImport = [standard, shallowCopy(standard, { domain: "com.microsoft", version: 1n })];
      const whole = shallowCopy(model, { irVersion: 10n, opsetImport });
      const feeds = { ids: { type: "int64" as const, dims: [3], data: BigInt64Array.of(4n, 0n, 4n) } };
      expectNear((await runGraph(lower(whole), feeds)).y.data, (await runGraph(whole, feeds)).y.data, "lowered", "y");
    });
});

describe("lowering of packed MultiHeadAttention inputs", () => {
  // ONNX Runtime's CPU kernel takes separate inputs alone, so the packed forms are compared with its result for those.
  const plain = LOWERING_CASES.find(({ op, title }) => op === "MultiHeadAttention" && title === "three inputs")!;
  const [HEADS, SIZE] = [2, 4];

  for (const parts of [3, 2])
    it(`${parts} parts in one input give what separate inputs give`, async () => {
      const [sizes] = plain.runs;
      const feeds = feedsOf(plain, sizes);
      const { y0 } = await runGraph(fusedModel(plain), feeds);
      const together = ["x0", "x1", "x2"].slice(3 - parts);
      const data = new Float32Array(sizes.b * sizes.t * HEADS * parts * SIZE);
      // [batch, tokens, heads·size] each, to [batch, tokens, heads, parts, size].
      together.forEach((name, part) =>
        (feeds[name].data as Float32Array).forEach((value, i) => {
          const [head, inner] = [Math.floor(i / SIZE), i % SIZE];
          data[(head * parts + part) * SIZE + inner] = value;
        }),
      );
      const all = float32(data, [sizes.b, sizes.t, HEADS, parts, SIZE]);
      const packed: LoweringInput = { kind: "float", dims: ["b", "t", HEADS, parts, SIZE] };
      const inputs = parts === 3 ? [packed] : [plain.inputs[0], packed];
      const lowered = lower(fusedModel({ ...plain, inputs }));
      const result = await runGraph(lowered, parts === 3 ? { x0: all } : { x0: feeds.x0, x1: all });
      expectNear(result.y0.data, y0.data, "lowered", "y0");
    });
});

describe("lowering where the graph does not say ranks", () => {
  const unranked = (test: LoweringCase) => {
    const model = fusedModel(test);
    return withGraph(model, { input: model.graph.input.map((info) => makeValueInfo(info.name, "float32")) });
  };

  it("FusedMatMul swaps the last two axes of any rank", async () => {
    for (const test of LOWERING_CASES.filter(({ op, title }) => op === "FusedMatMul" && title.startsWith("with"))) {
      const feeds = feedsOf(test, test.runs[0]);
      const [wanted, got] = [await runGraph(fusedModel(test), feeds), await runGraph(lower(unranked(test)), feeds)];
      expectNear(got.y0.data, wanted.y0.data, "lowered", test.title);
    }
  });

  it("RotaryEmbedding, which has two layouts, says what to do", () => {
    const test = LOWERING_CASES.find(({ op }) => op === "RotaryEmbedding")!;
    expect(() => lower(unranked(test))).to.throw(/unknown rank\. Run ONNX shape inference/);
  });
});
