import { expect } from "chai";
import { BOUND, checkGraph } from "../../../../kernels/commands/grad-check/check-graph.ts";
import type { GraphCheckOptions, TargetResult } from "../../../../kernels/commands/grad-check/check-graph.ts";
import { randomFeeds } from "../../../../kernels/commands/grad-check/random-feeds.ts";
import { normal } from "../../../../kernels/onnx/build/initialisers.ts";
import { gradientRules, makeModel, makeNode, makeTensor, makeValueInfo } from "../../../../kernels/onnx/index.ts";
import type { OnnxModel, RuleTable } from "../../../../kernels/onnx/index.ts";
import { findSites } from "../../../../kernels/onnx/sites.ts";
import { Runtime } from "../../../../kernels/runtime/runtime.ts";
import { float32 } from "../../../../kernels/tensor.ts";

const W = 8;
const weight = (name: string, seed: number) => makeTensor(name, float32(normal(0.4)([W, W], seed), [W, W]));
/** Token table, projection, activation, softmax, projection. */
const network = (activation = "Tanh"): OnnxModel =>
  makeModel({
    nodes: [
      makeNode("Gather", ["table", "input_ids"], ["x"], {}, "/embed_tokens/Gather"),
      makeNode("MatMul", ["x", "w1"], ["h"], {}, "/layers.0/mlp/fc1/MatMul"),
      makeNode(activation, ["h"], ["a"], {}, "activation"),
      makeNode("Softmax", ["a"], ["s"], { axis: -1 }, "softmax"),
      makeNode("MatMul", ["s", "w2"], ["logits"], {}, "/lm_head/MatMul"),
    ],
    inputs: [makeValueInfo("input_ids", "int64", ["batch_size", "sequence_length"])],
    outputs: [makeValueInfo("logits", "float32", ["batch_size", "sequence_length", W])],
    initializers: [weight("table", 1), weight("w1", 2), weight("w2", 3)],
  });

describe("a gradient check", () => {
  let runtime: Runtime;
  before(async () => {
    runtime = await Runtime.start("cpu");
  });
  after(() => runtime.dispose());
  const check = (model: OnnxModel, more: Partial<GraphCheckOptions> = {}): Promise<TargetResult[]> =>
    checkGraph(runtime, model, { seed: 1, directions: 3, where: "network", ...more });
  const broken = (op: keyof typeof gradientRules, rule: RuleTable[keyof RuleTable]) =>
    ({ ...gradientRules, [op]: rule }) as RuleTable;

  for (const activation of ["Tanh", "Relu"])
    it(`passes every weight and the side inputs of the last layer (${activation})`, async () => {
      const results = await check(network(activation));
      expect(results.map((result) => result.target)).to.deep.equal([
        "embed_tokens",
        "layers.0.mlp.fc1",
        "lm_head",
        "side:layers.0.mlp.fc1:A",
        "side:layers.0.mlp.fc1:B",
      ]);
      for (const { target, worst, error } of results) {
        expect(error, target).to.equal(undefined);
        expect(worst!.error, target).to.be.below(BOUND);
      }
    });

  it("fails for a rule that forgets a term, and only before that operator", async () => {
    const results = await check(network(), { rules: broken("Softmax", ({ g, y: [y], dy }) => [g.mul(y, dy)]) });
    const failing = results.filter(({ worst }) => worst!.error > BOUND).map(({ target }) => target);
    expect(failing).to.include("layers.0.mlp.fc1").and.not.include("lm_head");
  });

  it("fails for a rule that is off by two in a thousand", async () => {
    const rule = gradientRules.Tanh;
    const slightly = broken("Tanh", (call) =>
      rule(call).map((dx) => dx && call.g.mul(dx, call.g.scalar(1.002, call.x[0]))),
    );
    const [result] = await check(network(), { rules: slightly, targets: ["layers.0.mlp.fc1"] });
    expect(result.worst!.error).to.be.within(1.5e-3, 2.5e-3);
  });

  it("names the operator that has no rule, and checks what comes after it", async () => {
    const rules = { ...gradientRules, Tanh: undefined } as unknown as RuleTable;
    const [before, after] = await check(network(), { rules, targets: ["layers.0.mlp.fc1", "lm_head"] });
    expect(before.error!.name).to.equal("MissingGradientRuleError");
    expect(before.error!.message).to.match(/^node "activation": no gradient rule for operator Tanh\./);
    expect(after.worst!.error).to.be.below(BOUND);
  });

  it("refuses a target that the graph does not have, naming the nearest", async () => {
    const refusal = await check(network(), { targets: ["layers.0.mlp.fc2"] }).catch((error: Error) => error.message);
    expect(refusal).to.match(/unknown target "layers\.0\.mlp\.fc2"; did you mean "layers\.0\.mlp\.fc1"/);
  });
});

describe("random feeds", () => {
  it("stay inside the vocabulary, count positions up and leave the cache empty", () => {
    const model = network();
    model.graph.input.push(
      makeValueInfo("attention_mask", "int64", ["batch_size", "past_sequence_length + sequence_length"]),
      makeValueInfo("position_ids", "int64", ["batch_size", "sequence_length"]),
      makeValueInfo("past_key_values.0.key", "float32", ["batch_size", 2, "past_sequence_length", 4]),
    );
    const feeds = randomFeeds(model, findSites(model), 3);
    expect(Array.from(feeds.input_ids.data as BigInt64Array).every((id) => id >= 0n && id < BigInt(W))).to.equal(true);
    expect(new Set(feeds.input_ids.data as BigInt64Array).size).to.be.above(2);
    expect(Array.from(feeds.position_ids.data, Number).slice(0, 6)).to.deep.equal([0, 1, 2, 3, 4, 0]);
    expect(feeds.attention_mask.dims).to.deep.equal([2, 5]);
    expect(feeds["past_key_values.0.key"].dims).to.deep.equal([2, 2, 0, 4]);
  });
});
