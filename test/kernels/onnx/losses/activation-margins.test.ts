import { expect } from "chai";
import { activations } from "../../../../kernels/editors/memories/activation.ts";
import { type ActivationRow, wiseActivationLoss } from "../../../../kernels/editors/memories/wise-activation-loss.ts";
import { crossEntropy, findSites, gradientGraph, gradientName, lower, SurgeryError, trace } from "../../../../kernels/onnx/index.ts"; // prettier-ignore
import { activationMargins, MARGIN_INPUTS } from "../../../../kernels/onnx/losses/activation-margins.ts";
import { dense } from "../../../../kernels/onnx/surgery/dense.ts";
import { siteProduct } from "../../../../kernels/onnx/surgery/site-node.ts";
import { tap } from "../../../../kernels/onnx/surgery/tap.ts";
import { float32, type Tensor } from "../../../../kernels/tensor.ts";
import { expectNear } from "../near.ts";
import { phantomDecoder, phantomFeeds } from "../phantom-decoder.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const [B, T, OUT] = [3, 5, 192];
/** Two edited prompts and one other; every prompt counts three tokens. */
const [EDITS, COUNTED] = [2, 3];

describe("activation margins", () => {
  const base = phantomDecoder();
  const site = findSites(base).find(({ id }) => id === "layers.3.mlp.down_proj")!;
  const scored = dense(crossEntropy(base), site, "delta");
  const x = siteProduct(base, site).input[0];

  /** Feeds of a graph with a change of the weight of this size; the words count for nothing. */
  function feedsOf(model: typeof base, scale: number): Record<string, Tensor> {
    const feeds = phantomFeeds(model, [B, T]);
    const tokens = new Float32Array(B * T);
    for (let b = 0; b < B; b++) tokens.fill(1 / COUNTED, b * T, b * T + COUNTED);
    const all: Record<string, Tensor> = {
      ...feeds,
      loss_weights: float32(new Float32Array(B * T), [B, T]),
      delta: seededValues("float32", feeds.delta.dims, scale, 5),
      [MARGIN_INPUTS.tokens]: float32(tokens, [B, T]),
      [MARGIN_INPUTS.edits]: float32([1, 1, 0], [B]),
      [MARGIN_INPUTS.others]: float32([0, 0, 1], [B]),
    };
    return Object.fromEntries(Object.keys(feeds).map((name) => [name, all[name]]));
  }

  // Margins that all three hinges cross somewhere, and some that leave one of them shut.
  for (const margins of [
    { alpha: 0.1, beta: 4, gamma: 1 },
    { alpha: 40, beta: 4, gamma: 1 },
  ])
    // prettier-ignore
    it(`agree with WISE's loss and gradient, margins ${Object.values(margins).join(", ")}`, async () => {
      const model = lower(activationMargins(scored, site, "delta", margins), { targets: ["delta"] });
      const given = feedsOf(model, 0.3);
      const traced = await trace(model, given, runGraph);
      const backward = gradientGraph(model, { loss: "loss", targets: ["delta"], trace: traced });
      const found = await runGraph(backward, given);

      const outputs = await runGraph(tap(base, [x, site.output]), phantomFeeds(base, [B, T]));
      const [input, before] = [outputs[x].data as Float32Array, outputs[site.output].data as Float32Array];
      const delta = given.delta.data as Float32Array;
      const width = input.length / (B * T);
      const after = before.map((value, i) => {
        const [row, column] = [Math.floor(i / OUT), i % OUT];
        let sum = value;
        for (let k = 0; k < width; k++) sum += input[row * width + k] * delta[k * OUT + column];
        return sum;
      });
      const mask = Array.from({ length: T }, (_, t) => Number(t < COUNTED));
      const rows = Array.from({ length: B }, (_, b): ActivationRow => {
        const own = (all: Float32Array) => all.slice(b * T * OUT, (b + 1) * T * OUT);
        return { original: own(before), changed: own(after), width: OUT, mask };
      });
      const wanted = wiseActivationLoss(rows.slice(0, EDITS), rows.slice(EDITS), activations.silu, margins);
      expect(wanted.loss).to.be.greaterThan(0.1);
      expectNear(found.loss.data, [wanted.loss], "float32", "loss");
      const slopes = new Float64Array(width * OUT);
      [...wanted.editGradients, ...wanted.localityGradients].forEach((gradient, b) => {
        for (let i = 0; i < gradient.length; i++)
          for (let k = 0; k < width; k++)
            slopes[k * OUT + (i % OUT)] += gradient[i] * input[(b * T + Math.floor(i / OUT)) * width + k];
      });
      expectNear(found[gradientName("delta")].data, Array.from(slopes), "modelFloat32", "gradient");
    });

  it("have no gradient while nothing has moved, and cost beta and gamma there", async () => {
    const model = lower(activationMargins(scored, site, "delta", { alpha: 5, beta: 20, gamma: 10 }), { targets: ["delta"] }); // prettier-ignore
    const given = feedsOf(model, 0);
    const backward = gradientGraph(model, { loss: "loss", targets: ["delta"], trace: await trace(model, given, runGraph) }); // prettier-ignore
    const found = await runGraph(backward, given);
    expect(Number(found.loss.data[0])).to.be.closeTo(30, 1e-4);
    expect(Math.max(...Array.from(found[gradientName("delta")].data as Float32Array, Math.abs))).to.equal(0);
  });

  it("refuse a graph without the update, and one without a loss", () => {
    const margins = { alpha: 5, beta: 20, gamma: 10 };
    expect(() => activationMargins(crossEntropy(base), site, "delta", margins)).to.throw(
      SurgeryError,
      'no update "delta"',
    );
    expect(() => activationMargins(dense(base, site, "delta"), site, "delta", margins)).to.throw(
      SurgeryError,
      "no loss",
    );
  });
});
