import { expect } from "chai";
import { makeModel, makeNode, makeTensor, makeValueInfo } from "../../../../kernels/onnx/index.ts";
import { siteReport } from "../../../../kernels/onnx/sites.ts";
import { float32 } from "../../../../kernels/tensor.ts";

type Node = [op: string, inputs: string[], output: string];

const W = 4;
/** A graph of nameless nodes over x [batch, tokens, 4]; inputs called "w*" are square weights, "wide*" are [4, 8]. */
function graph(nodes: Node[], output = "y") {
  const weights = new Set(nodes.flatMap(([, inputs]) => inputs.filter((name) => /^(w|wide)\d/.test(name))));
  return makeModel({
    nodes: nodes.map(([op, inputs, out]) => makeNode(op, inputs, [out])),
    inputs: [makeValueInfo("x", "float32", ["batch", "tokens", W])],
    outputs: [makeValueInfo(output)],
    initializers: [...weights].map((name) => {
      const columns = name.startsWith("wide") ? 2 * W : W;
      return makeTensor(name, float32(new Float32Array(W * columns), [W, columns]));
    }),
  });
}
const attention = (from: string, to: string, first: number): Node[] => [
  ["MatMul", [from, `w${first}`], `${to}q`],
  ["MatMul", [from, `w${first + 1}`], `${to}k`],
  ["MatMul", [from, `w${first + 2}`], `${to}v`],
  ["Transpose", [`${to}k`], `${to}kt`],
  ["MatMul", [`${to}q`, `${to}kt`], `${to}s`],
  ["Softmax", [`${to}s`], `${to}p`],
  ["MatMul", [`${to}p`, `${to}v`], `${to}c`],
  ["MatMul", [`${to}c`, `w${first + 3}`], to],
];
const ids = (nodes: Node[]) =>
  Object.fromEntries(siteReport(graph(nodes)).sites.map((site) => [site.id, site.weight || site.output]));

describe("sites by structure", () => {
  it("find a feed-forward part that stands beside its attention", () => {
    const found = ids([
      ...attention("x", "a", 0),
      ["MatMul", ["x", "w4"], "h"],
      ["Relu", ["h"], "r"],
      ["MatMul", ["r", "w5"], "m"],
      ["Add", ["a", "m"], "sum"],
      ["Add", ["sum", "x"], "x1"],
      ...attention("x1", "b", 6),
      ["Add", ["x1", "b"], "y"],
    ]);
    expect(found).to.include({
      "layers.0.self_attn.o_proj": "w3",
      "layers.0.mlp.fc1": "w4",
      "layers.0.mlp.fc2": "w5",
      "layers.0.output": "x1",
      "layers.1.self_attn.q_proj": "w6",
    });
  });

  it("find one that is added after the attention was, though it starts beside it", () => {
    const found = ids([
      ...attention("x", "a", 0),
      ["Add", ["x", "a"], "half"],
      ["MatMul", ["x", "w4"], "h"],
      ["Relu", ["h"], "r"],
      ["MatMul", ["r", "w5"], "m"],
      ["Add", ["half", "m"], "x1"],
      ...attention("x1", "b", 6),
      ["Add", ["x1", "b"], "y"],
    ]);
    expect(found).to.include({ "layers.0.mlp.fc1": "w4", "layers.0.mlp.fc2": "w5", "layers.0.output": "x1" });
  });

  it("tell the gate of a gated feed-forward part by its activation, in either order", () => {
    for (const [gate, up] of [
      ["w4", "w5"],
      ["w5", "w4"],
    ])
      expect(
        ids([
          ...attention("x", "a", 0),
          ["Add", ["x", "a"], "x1"],
          ["MatMul", ["x1", "w4"], "h4"],
          ["MatMul", ["x1", "w5"], "h5"],
          ["Sigmoid", [`h${gate[1]}`], "s"],
          ["Mul", [`h${gate[1]}`, "s"], "silu"],
          ["Mul", ["silu", `h${up[1]}`], "m"],
          ["MatMul", ["m", "w6"], "d"],
          ["Add", ["x1", "d"], "y"],
        ]),
      ).to.include({ "layers.0.mlp.gate_proj": gate, "layers.0.mlp.up_proj": up, "layers.0.mlp.down_proj": "w6" });
  });

  it("say that gate and up cannot be told apart without an activation", () => {
    const { sites } = siteReport(
      graph([
        ...attention("x", "a", 0),
        ["Add", ["x", "a"], "x1"],
        ["MatMul", ["x1", "w4"], "h4"],
        ["MatMul", ["x1", "w5"], "h5"],
        ["Mul", ["h4", "h5"], "m"],
        ["MatMul", ["m", "w6"], "d"],
        ["Add", ["x1", "d"], "y"],
      ]),
    );
    expect(sites.filter((site) => site.ambiguous).map((site) => site.id)).to.deep.equal([
      "layers.0.mlp.gate_proj",
      "layers.0.mlp.up_proj",
    ]);
  });

  it("take a projection to twice the inner width for gate and up side by side", () => {
    expect(
      ids([
        ...attention("x", "a", 0),
        ["Add", ["x", "a"], "x1"],
        ["MatMul", ["x1", "wide4"], "both"],
        ["Split", ["both"], "g"],
        ["Sigmoid", ["g"], "s"],
        ["MatMul", ["s", "w6"], "d"],
        ["Add", ["x1", "d"], "y"],
      ]),
    ).to.include({ "layers.0.mlp.gate_up_proj": "wide4", "layers.0.mlp.down_proj": "w6" });
  });

  it("keep cross-attention in the layer of the self-attention before it", () => {
    const cross = attention("x1", "b", 4).map(([op, inputs, out]): Node => [
      op,
      out === "bk" || out === "bv" ? ["x", inputs[1]] : inputs,
      out,
    ]);
    expect(ids([...attention("x", "a", 0), ["Add", ["x", "a"], "x1"], ...cross, ["Add", ["x1", "b"], "y"]])).to.include(
      {
        "layers.0.self_attn.q_proj": "w0",
        "layers.0.cross_attn.q_proj": "w4",
        "layers.0.cross_attn.k_proj": "w5",
        "layers.0.cross_attn.o_proj": "w7",
      },
    );
  });

  it("are not misled by a low-rank side input, whose sum is no residual", () => {
    const [q, ...rest] = attention("x", "a", 0);
    const model = graph([
      [q[0], q[1], "base"],
      ["MatMul", ["x", "sideA"], "xA"],
      ["MatMul", ["xA", "sideB"], "xAB"],
      ["Add", ["base", "xAB"], "aq"],
      ...rest,
      ["Add", ["x", "a"], "y"],
    ]);
    model.graph.input.push(
      makeValueInfo("sideA", "float32", [W, "rank"]),
      makeValueInfo("sideB", "float32", ["rank", W]),
    );
    expect(siteReport(model).sites.map((site) => site.id)).to.deep.equal([
      ...["q_proj", "k_proj", "v_proj", "o_proj"].map((module) => `layers.0.self_attn.${module}`),
      "layers.0.output",
    ]);
  });

  it("report weights without a role and branches that were not searched", () => {
    const { untold } = siteReport(
      graph([
        ["MatMul", ["x", "w0"], "h"],
        ["MatMul", ["h", "w1"], "g"],
        ["MatMul", ["g", "x"], "y"],
      ]),
    );
    expect(untold).to.deep.equal([
      'node "h" (MatMul, weight "w0"): no role; name it in a map if it is one.',
      'node "g" (MatMul, weight "w1"): no role; name it in a map if it is one.',
    ]);
  });
});

describe("a map of sites", () => {
  const model = () =>
    graph([
      ["MatMul", ["x", "w0"], "h"],
      ["MatMul", ["h", "w1"], "g"],
      ["MatMul", ["g", "x"], "y"],
    ]);

  it("gives roles that the graph does not tell", () => {
    const { sites, untold } = siteReport(model(), { map: { "layers.0.mlp.fc1": "h", "layers.0.output": "g" } });
    expect(sites.map((site) => [site.id, site.kind, site.output, site.found])).to.deep.equal([
      ["layers.0.mlp.fc1", "projection", "h", "map"],
      ["layers.0.output", "value", "g", "map"],
    ]);
    expect(untold).to.deep.equal([]);
  });

  it("replaces what was found", () => {
    const nodes: Node[] = [...attention("x", "a", 0), ["Add", ["x", "a"], "y"]];
    const { sites } = siteReport(graph(nodes), { map: { "layers.0.self_attn.k_proj": "av" } });
    expect(sites.filter((site) => site.id.endsWith("k_proj")).map((site) => site.weight)).to.deep.equal(["w2"]);
    expect(sites.some((site) => site.id.endsWith("v_proj"))).to.equal(false);
  });

  it("refuses a role, a node and a kind of node that do not exist, naming the nearest", () => {
    expect(() => siteReport(model(), { map: { "layers.0.mlp.fc3": "h" } })).to.throw(/did you mean "mlp\.fc\d"/);
    expect(() => siteReport(model(), { map: { lm_head: "hh" } })).to.throw('Did you mean "h"?');
    expect(() => siteReport(model(), { map: { lm_head: "y" } })).to.throw("has no constant weight");
  });
});
