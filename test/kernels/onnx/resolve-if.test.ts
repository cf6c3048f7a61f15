import { create } from "@bufbuild/protobuf";
import { expect } from "chai";
import { AttributeProto_AttributeType, AttributeProtoSchema } from "onnx-buf";
import {
  findSites,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  readModel,
  resolveIf,
  UnknownGraphNameError,
  writeModel,
} from "../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { float32, int64, type Tensor } from "../../../kernels/tensor.ts";
import { HIDDEN, mergedDecoder } from "./merged-decoder.ts";
import { runGraph } from "./run-graph.ts";
import { seededValues } from "./seeded-values.ts";

const feeds = (tokens: number, past: number): Record<string, Tensor> => ({
  input_ids: int64(
    Array.from({ length: tokens }, (_, i) => (3 * i + past) % 12),
    [1, tokens],
  ),
  attention_mask: int64(Array(tokens + past).fill(1), [1, tokens + past]),
  "past_key_values.0.key": seededValues("float32", [1, 1, past, HIDDEN], 1, 8),
  "past_key_values.0.value": seededValues("float32", [1, 1, past, HIDDEN], 1, 9),
});
const flag = (value: boolean): Tensor => ({ type: "bool", dims: [1], data: Uint8Array.of(value ? 1 : 0) });

const names = (model: OnnxModel) => model.graph.node.map((node) => node.opType);

describe("resolving branches", () => {
  const merged = readModel(writeModel(mergedDecoder()), "merged.onnx");

  for (const [cached, tokens, past] of [
    [false, 4, 0],
    [true, 1, 4],
    [true, 3, 2],
  ] as const)
    it(`gives the same results as the merged decoder ${cached ? `with ${past} cached and ${tokens} new tokens` : "on a prompt"}`, async () => {
      const resolved = resolveIf(merged, { use_cache_branch: cached });
      expect(names(resolved)).to.not.include("If");
      expect(resolved.graph.input.map((input) => input.name)).to.deep.equal([
        "input_ids",
        "attention_mask",
        "past_key_values.0.key",
        "past_key_values.0.value",
      ]);
      expect(await runGraph(resolved, feeds(tokens, past))).to.deep.equal(
        await runGraph(merged, { ...feeds(tokens, past), use_cache_branch: flag(cached) }),
      );
    });

  it("shows the same sites in either branch, and none before", () => {
    const ids = (model: OnnxModel) => findSites(model).map((site) => site.id);
    expect(ids(resolveIf(merged, { use_cache_branch: true }))).to.deep.equal(
      ids(resolveIf(merged, { use_cache_branch: false })),
    );
    expect(ids(resolveIf(merged, { use_cache_branch: true }))).to.include.members([
      "layers.0.self_attn.o_proj",
      "lm_head",
    ]);
    expect(ids(merged)).to.deep.equal([]);
  });

  it("shares the weights, and leaves the merged model as it was", () => {
    const before = writeModel(merged);
    const resolved = resolveIf(merged, { use_cache_branch: true });
    expect(resolved.graph.initializer.find((tensor) => tensor.name === "q.weight")!.rawData).to.equal(
      merged.graph.initializer.find((tensor) => tensor.name === "q.weight")!.rawData,
    );
    expect(Buffer.compare(writeModel(merged), before)).to.equal(0);
  });

  it("refuses an input that the model does not have", () => {
    expect(() => resolveIf(merged, { use_cache: true })).to.throw(
      UnknownGraphNameError,
      'no input "use_cache". Did you mean "use_cache_branch"?',
    );
  });

  /** If(not flag) around If(flag), the inner one handing out several values. */
  const nested = () => {
    const body = (model: OnnxModel, name: string) =>
      create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.GRAPH, g: model.graph });
    const leaf = (op: string, outputs: string[]) =>
      makeModel({
        nodes: [makeNode(op, ["x"], ["t"], {}, op), makeNode("Add", ["t", "c"], ["u"])],
        inputs: [],
        outputs: outputs.map((name) => makeValueInfo(name, "float32", ["n"])),
        initializers: [makeTensor("c", float32([op === "Neg" ? 1 : 2], [1]))],
      });
    const inner = makeNode("If", ["flag"], ["a", "b"], {}, "inner");
    inner.attribute = [body(leaf("Neg", ["u", "t"]), "then_branch"), body(leaf("Exp", ["t", "u"]), "else_branch")];
    const middle = makeModel({
      nodes: [inner, makeNode("Sub", ["a", "b"], ["s"])],
      inputs: [],
      outputs: [makeValueInfo("s", "float32", ["n"])],
    });
    const outer = makeNode("If", ["turned"], ["y"], {}, "outer");
    outer.attribute = [body(middle, "then_branch"), body(leaf("Abs", ["u"]), "else_branch")];
    return makeModel({
      nodes: [makeNode("Not", ["flag"], ["not"]), makeNode("Identity", ["not"], ["turned"]), outer],
      inputs: [makeValueInfo("x", "float32", ["n"]), makeValueInfo("flag", "bool", [])],
      outputs: [makeValueInfo("y", "float32", ["n"])],
      initializers: [],
    });
  };

  it("works through nested branches and derived conditions", async () => {
    const model = nested();
    const x = float32([1, -2, 3], [3]);
    for (const value of [true, false]) {
      const resolved = resolveIf(model, { flag: value });
      expect(names(resolved)).to.not.include("If");
      expect(await runGraph(resolved, { x })).to.deep.equal(
        await runGraph(model, { x, flag: { type: "bool", dims: [], data: Uint8Array.of(value ? 1 : 0) } }),
      );
    }
  });

  it("gives a value of its own to whatever a branch hands through", async () => {
    const through = makeModel({
      nodes: [],
      inputs: [],
      outputs: ["x", "x"].map((name) => makeValueInfo(name, "float32", ["n"])),
    });
    const choice = makeNode("If", ["flag"], ["y", "z"], {}, "if");
    choice.attribute = ["then_branch", "else_branch"].map((name) =>
      create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.GRAPH, g: through.graph }),
    );
    const model = makeModel({
      nodes: [choice],
      inputs: [makeValueInfo("x", "float32", ["n"]), makeValueInfo("flag", "bool", [])],
      outputs: ["y", "z"].map((name) => makeValueInfo(name, "float32", ["n"])),
    });
    const x = float32([1, -2], [2]);
    const { y, z } = await runGraph(resolveIf(model, { flag: true }), { x });
    expect([y, z]).to.deep.equal([x, x]);
  });

  it("keeps a branch whose condition is computed from what is fed", () => {
    expect(names(resolveIf(nested(), {}))).to.include("If");
  });
});
