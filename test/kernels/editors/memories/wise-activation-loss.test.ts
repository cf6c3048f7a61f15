import { expect } from "chai";
import { type ActivationName, activations } from "../../../../kernels/editors/memories/activation.ts";
import { type ActivationRow, wiseActivationLoss } from "../../../../kernels/editors/memories/wise-activation-loss.ts";
import { random } from "../../../../kernels/random.ts";

/** One position of width 1 under relu, so that the distance is the number itself. */
const at = (distance: number): ActivationRow => {
  return { original: Float32Array.of(0), changed: Float32Array.of(distance), width: 1 };
};
const relu = activations.relu;

describe("wiseActivationLoss", () => {
  it("is zero where edits are active, others at rest and the gap is wide", () => {
    const { loss, edits, locality, editGradients } = wiseActivationLoss([at(21), at(30)], [at(4)], relu);
    expect({ loss, edits, locality }).to.deep.equal({ loss: 0, edits: [21, 30], locality: [4] });
    expect(editGradients.map((g) => g[0])).to.deep.equal([0, 0]);
  });

  it("averages each hinge over its open entries alone", () => {
    // rest: 7 - 5 = 2. act: 20 - 8 = 12 and 20 - 16 = 4, mean 8 (30 is past it). gap: 10 + 7 - 8 = 9 and 10 + 7 - 16 = 1, mean 5.
    const result = wiseActivationLoss([at(8), at(16), at(30)], [at(7)], relu);
    expect(result.loss).to.equal(2 + 8 + 5);
    expect(result.editGradients.map((g) => g[0])).to.deep.equal([-0.5 - 0.5, -0.5 - 0.5, 0]);
    expect(result.localityGradients.map((g) => g[0])).to.deep.equal([1 + 0.5 + 0.5]);
  });

  it("has no gradient before the first step, where the copy is the model's weight", () => {
    const same: ActivationRow = { original: Float32Array.of(1, -2), changed: Float32Array.of(1, -2), width: 2 };
    const { loss, editGradients, localityGradients } = wiseActivationLoss([same], [same], relu);
    expect(loss).to.equal(30);
    expect([editGradients, localityGradients]).to.deep.equal(Array(2).fill([Float32Array.of(0, 0)]));
  });

  it("counts the masked positions alone, and refuses a mask of none", () => {
    const row = { original: new Float32Array(3), changed: Float32Array.of(2, 50, 4), width: 1 };
    const { edits } = wiseActivationLoss([{ ...row, mask: [1, 0, 1] }], [at(0)], relu);
    expect(edits).to.deep.equal([3]);
    expect(() => wiseActivationLoss([{ ...row, mask: [0, 0, 0] }], [at(0)], relu)).to.throw(/counts no position/);
  });

  for (const name of ["silu", "gelu", "gelu_new", "relu"] as ActivationName[])
    it(`${name}: the gradient is that of central differences`, () => {
      const { between } = random(6);
      // Multiples of 2^-8, so that a step of 2^-8 is exact in float32; no value within a step of relu's kink.
      const draw = () => Float32Array.from({ length: 12 }, () => Math.round(between(-640, 640)) / 256 + 1 / 512);
      const rows = [0, 1, 2, 3].map((): ActivationRow => ({ original: draw(), changed: draw(), width: 4 }));
      const [edits, others] = [[rows[0], { ...rows[1], mask: [0, 1, 1] }], rows.slice(2)];
      const margins = { alpha: 1, beta: 6, gamma: 2 };
      const loss = () => wiseActivationLoss(edits, others, activations[name], margins);
      const { editGradients, localityGradients } = loss();
      const pairs = [
        ...edits.map((row, i) => [row, editGradients[i]] as const),
        ...others.map((row, j) => [row, localityGradients[j]] as const),
      ];
      for (const [{ changed }, gradient] of pairs)
        changed.forEach((x, i) => {
          const side = (h: number) => {
            changed[i] = x + h;
            const { loss: value } = loss();
            changed[i] = x;
            return value;
          };
          expect(gradient[i]).to.be.closeTo((side(2 ** -9) - side(-(2 ** -9))) / 2 ** -8, 2e-4);
        });
      expect(Math.max(...editGradients[1].slice(0, 4).map(Math.abs)), "masked out").to.equal(0);
    });
});
