import { expect } from "chai";
import { mlp } from "../../../../kernels/onnx/build/index.ts";
import { squaredError } from "../../../../kernels/onnx/losses/squared-error.ts";
import { clip } from "../../../../kernels/runtime/optimisers/clip.ts";
import { optimiser } from "../../../../kernels/runtime/optimisers/optimiser.ts";
import type { OptimiserOptions } from "../../../../kernels/runtime/optimisers/optimiser.ts";
import { Runtime } from "../../../../kernels/runtime/runtime.ts";
import { compileTraining } from "../../../../kernels/runtime/training/index.ts";
import { float32 } from "../../../../kernels/tensor.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { seededValues } from "../../onnx/seeded-values.ts";

const SETTINGS: OptimiserOptions[] = [
  { kind: "sgd", lr: 0.05 },
  { kind: "sgd", lr: 0.05, momentum: 0.9, weightDecay: 0.01 },
  { kind: "sgd", lr: 0.05, momentum: 0.9, nesterov: true },
  { kind: "adam", lr: 0.01, weightDecay: 0.1 },
  { kind: "adamw", lr: 0.01, betas: [0.8, 0.99], weightDecay: 0.1 },
];

describe("training program", () => {
  let runtime: Runtime;
  before(async () => {
    runtime = await Runtime.start("cpu");
  });
  after(() => runtime.dispose());

  const built = () => mlp({ sizes: [1, 1] }, { seed: 3 });
  const feeds = (step: number): Record<string, Tensor> => ({
    x: seededValues("float32", [4, 1], 2, step),
    targets: seededValues("float32", [4, 1], 2, 100 + step),
    loss_weights: float32(new Float32Array(4).fill(0.25), [4]),
  });

  for (const settings of SETTINGS)
    it(`${JSON.stringify(settings)} takes the steps of the optimiser outside the graph`, async () => {
      const { model, parameters } = built();
      const names = [...parameters.keys()];
      const bounds = { norm: 1.5, value: 1.2 };
      const program = await compileTraining(runtime, {
        model: squaredError(model),
        parameters: names,
        optimiser: settings,
        clip: bounds,
      });
      const weights = [...parameters.values()].map((tensor) => tensor.data.slice());
      const outside = weights.map((weight) => optimiser(weight.length, settings));
      for (let step = 1; step <= 6; step++) {
        const batch = feeds(step);
        const lr = settings.lr / step;
        // d/dw mean (w·x + b - t)²
        const errors = Array.from(
          batch.x.data as Float32Array,
          (x, i) => weights[0][0] * x + weights[1][0] - Number(batch.targets.data[i]),
        );
        const slope = errors.reduce((sum, e, i) => sum + 0.5 * e * Number(batch.x.data[i]), 0);
        const gradients = [Float32Array.of(slope), Float32Array.of(errors.reduce((sum, e) => sum + 0.5 * e, 0))];
        const norm = clip(gradients, bounds);
        weights.forEach((weight, k) => {
          const change = outside[k].step(gradients[k], weight, lr);
          weight.forEach((_, i) => (weight[i] += change[i]));
        });
        const result = await program.step(batch, step, lr);
        expect(result.loss).to.be.closeTo(
          errors.reduce((sum, e) => sum + 0.25 * e * e, 0),
          1e-5,
        );
        expect(result.gradNorm).to.be.closeTo(norm, 1e-5);
      }
      const values = await program.values();
      names.forEach((name, k) => expect(values[name].data[0]).to.be.closeTo(weights[k][0], 1e-5));
      await program.release();
    });

  it("gives the same bits whether weights stay in the worker or cross the thread boundary", async () => {
    const { model, parameters } = mlp({ sizes: [3, 8, 2] }, { seed: 1 });
    const results = [];
    for (const keep of ["worker", "caller"] as const) {
      const program = await compileTraining(runtime, {
        model: squaredError(model),
        parameters: [...parameters.keys()],
        optimiser: { kind: "adamw", lr: 0.01 },
        keep,
      });
      for (let step = 1; step <= 5; step++)
        await program.step(
          {
            x: seededValues("float32", [4, 3], 1, step),
            targets: seededValues("float32", [4, 2], 1, 50 + step),
            loss_weights: float32([1, 1, 1, 1], [4]),
          },
          step,
          0.01,
        );
      results.push(await program.values());
      await program.release();
    }
    for (const [name, tensor] of Object.entries(results[0]))
      expect([...tensor.data], name).to.deep.equal([...results[1][name].data]);
  });
});
