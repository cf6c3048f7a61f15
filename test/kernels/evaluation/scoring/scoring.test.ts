import { expect } from "chai";
import { EmptySetError } from "../../../../kernels/evaluation/empty-set-error.ts";
import { argmaxAgreement } from "../../../../kernels/evaluation/scoring/argmax-agreement.ts";
import { meanLogprob } from "../../../../kernels/evaluation/scoring/mean-logprob.ts";
import { tokenAccuracy } from "../../../../kernels/evaluation/scoring/token-accuracy.ts";

const score = (ids: number[], argmax: number[], logprobs = ids.map(() => -1)) => ({ ids, argmax, logprobs });

describe("scoring of a teacher-forced answer", () => {
  it("counts the tokens that are most likely", () => {
    expect(tokenAccuracy(score([2, 9], [2, 9]))).to.equal(1);
    expect(tokenAccuracy(score([2, 9], [2, 4]))).to.equal(0.5);
    expect(tokenAccuracy(score([2, 9, 1], [5, 2, 9]))).to.equal(0);
  });

  it("compares most likely tokens before and after, whether right or not", () => {
    // The worked example of the locality rule: two of three tokens unchanged, 66.67.
    expect(argmaxAgreement(score([1, 1, 1], [29, 234, 334]), score([1, 1, 1], [29, 234, 333]))).to.be.closeTo(
      0.6667,
      1e-4,
    );
    expect(argmaxAgreement(score([1, 2], [8, 9]), score([1, 2], [8, 9]))).to.equal(1);
  });

  it("averages log-probabilities over tokens", () =>
    expect(meanLogprob(score([1, 2], [1, 2], [-0.5, -1.5]))).to.equal(-1));

  it("refuses an answer without tokens instead of giving 0 or NaN", () => {
    for (const run of [
      () => tokenAccuracy(score([], [])),
      () => argmaxAgreement(score([], []), score([], [])),
      () => meanLogprob(score([], [])),
    ])
      expect(run).to.throw(EmptySetError);
  });

  it("treats two lengths of one text as our own bug", () =>
    expect(() => argmaxAgreement(score([1, 2], [1, 2]), score([1], [1]))).to.throw(
      /^internal: .* 2 tokens before the edit and 1 after/,
    ));
});
