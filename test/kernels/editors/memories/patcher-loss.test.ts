import { expect } from "chai";
import { patcherLoss } from "../../../../kernels/editors/memories/patcher-loss.ts";

const weights = { activation: 0.5, memory: 2 };

describe("patcherLoss", () => {
  it("costs one each for neurons at zero, on the edit and elsewhere, in every projection", () => {
    const zeros = [new Float32Array(4), new Float32Array(4)];
    const { loss, activation, memory } = patcherLoss(zeros, zeros, weights);
    expect({ loss, activation, memory }).to.deep.equal({ loss: 5, activation: 1, memory: 4 });
    expect(patcherLoss(zeros, zeros).loss).to.be.closeTo(4e-4, 1e-12);
  });

  it("is exp(-a) on the edit and exp(relu(a)) elsewhere, averaged over positions and neurons", () => {
    const { activation, memory } = patcherLoss([Float32Array.of(0, Math.log(2))], [Float32Array.of(-3, Math.log(4))], {
      activation: 1,
      memory: 1,
    });
    expect(activation).to.be.closeTo((1 + 0.5) / 2, 1e-7);
    expect(memory).to.be.closeTo((1 + 4) / 2, 1e-7);
  });

  it("has the gradient of central differences", () => {
    const edit = [Float32Array.of(-1.5, 0.25, 2), Float32Array.of(0.5, -0.75)];
    const locality = [Float32Array.of(-1.25, 0.5, 1.75), Float32Array.of(0.25, -0.5)];
    const { editGradients, localityGradients } = patcherLoss(edit, locality, weights);
    const h = 2 ** -10;
    const pairs = [
      ...edit.map((a, k) => [a, editGradients[k]] as const),
      ...locality.map((a, k) => [a, localityGradients[k]] as const),
    ];
    for (const [a, gradient] of pairs)
      a.forEach((x, i) => {
        const side = (step: number) => {
          a[i] = x + step;
          const { loss } = patcherLoss(edit, locality, weights);
          a[i] = x;
          return loss;
        };
        expect(gradient[i]).to.be.closeTo((side(h) - side(-h)) / (2 * h), 1e-3 * (1 + Math.abs(gradient[i])));
      });
  });
});
