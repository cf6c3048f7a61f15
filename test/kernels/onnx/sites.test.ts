import { readFileSync } from "node:fs";
import { expect } from "chai";
import { findSites, makeModel, makeNode, makeTensor, makeValueInfo, readModel } from "../../../kernels/onnx/index.ts";
import { float32 } from "../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../shared-data.ts";

/** A chain of projections of growing width, one for each [node name, weight name]. */
const chain = (names: [string, string][]) =>
  makeModel({
    nodes: names.map(([node, weight], i) => makeNode("MatMul", [i ? `h${i}` : "x", weight], [`h${i + 1}`], {}, node)),
    inputs: [makeValueInfo("x", "float32", ["n", 1])],
    outputs: [makeValueInfo(`h${names.length}`)],
    initializers: names.map(([, weight], i) =>
      makeTensor(weight, float32(new Float32Array((i + 1) * (i + 2)), [i + 1, i + 2])),
    ),
  });
const ids = (names: [string, string][]) => findSites(chain(names)).map((site) => site.id);

describe("edit sites", () => {
  it("take the layer from the node's name", () => {
    expect(
      ids([
        ["/model/layers.3/mlp/down_proj/MatMul", "onnx::MatMul_7"],
        ["/model/layers.10/self_attn/q_proj/MatMul", "onnx::MatMul_8"],
      ]),
    ).to.deep.equal(["layers.3.mlp.down_proj", "layers.10.self_attn.q_proj"]);
  });

  it("count appearances where names carry no layer", () => {
    expect(
      ids([
        ["/q_proj/MatMul", "a"],
        ["/mlp/down_proj/MatMul", "b"],
        ["/q_proj_1/MatMul", "c"],
        ["/mlp/down_proj_1/MatMul", "d"],
        ["/lm_head/MatMul", "e"],
      ]),
    ).to.deep.equal([
      "layers.0.self_attn.q_proj",
      "layers.0.mlp.down_proj",
      "layers.1.self_attn.q_proj",
      "layers.1.mlp.down_proj",
      "lm_head",
    ]);
  });

  it("fall back on the weight's name", () => {
    expect(ids([["node_linear_5", "model.layers.2.mlp.up_proj.weight"]])).to.deep.equal(["layers.2.mlp.up_proj"]);
  });

  it("tell the two projections that GPT-2 calls c_proj apart", () => {
    expect(
      ids([
        ["/transformer/h.1/attn/c_proj/MatMul", "a"],
        ["/transformer/h.1/mlp/c_proj/MatMul", "b"],
      ]),
    ).to.deep.equal(["layers.1.self_attn.c_proj", "layers.1.mlp.c_proj"]);
  });

  it("carry node, weight and sizes", () => {
    expect(findSites(chain([["/mlp/fc1/MatMul", "w"]]))).to.deep.equal([
      {
        id: "layers.0.mlp.fc1",
        role: "mlp.fc1",
        layer: 0,
        kind: "projection",
        input: "x",
        output: "h1",
        weight: "w",
        shape: [1, 2],
        transposed: false,
        in: 1,
        out: 2,
        node: "/mlp/fc1/MatMul",
        found: "name",
      },
    ]);
  });

  it("say where a role is only a guess", () => {
    const [site] = findSites(chain([["/MatMul_2", "onnx::MatMul_9"]]));
    expect([site.id, site.ambiguous]).to.deep.equal(["lm_head", 'nothing but its place tells what output "h1" is']);
  });
});

describeWithShared(
  "edit sites of the vqarad decoder",
  ["models/vqarad-tiny-vlm/onnx/decoder_model_merged.onnx"],
  () => {
    it("are seven projections and the residual stream in each of two layers, and the head", () => {
      const sites = findSites(
        readModel(readFileSync(shared("models/vqarad-tiny-vlm/onnx/decoder_model_merged.onnx")), "decoder"),
      );
      const layer = [
        "self_attn.q_proj",
        "self_attn.k_proj",
        "self_attn.v_proj",
        "self_attn.o_proj",
        "mlp.gate_proj",
        "mlp.up_proj",
        "mlp.down_proj",
        "output",
      ];
      expect(sites.map((site) => site.id)).to.deep.equal([
        ...layer.map((role) => `layers.0.${role}`),
        ...layer.map((role) => `layers.1.${role}`),
        "lm_head",
      ]);
      const down = sites.find((site) => site.id === "layers.1.mlp.down_proj")!;
      expect([down.in, down.out, down.node, down.weight]).to.deep.equal([
        384,
        128,
        "/mlp/down_proj_1/MatMul",
        "onnx::MatMul_551",
      ]);
    });
  },
);
