import { expect } from "chai";
import { gradientRules } from "../../../../kernels/onnx/index.ts";
import { BOUNDS } from "../near.ts";
import { checkRule } from "./check-rule.ts";
import { ruleCases } from "./rule-cases.ts";

describe("gradient rules against central differences", () => {
  it("every differentiable operator of the table has at least one case", () => {
    const differentiable = Object.entries(gradientRules).flatMap(([op, rule]) =>
      typeof rule === "function" ? [op] : [],
    );
    const covered = new Set<string>(ruleCases.map((test) => test.op));
    expect(differentiable.filter((op) => !covered.has(op))).to.deep.equal([]);
  });

  for (const test of ruleCases)
    it(`${test.op} ${test.title}`, async () => {
      const { differences, singlePrecision } = await checkRule(test);
      expect(differences).to.be.at.most(BOUNDS[test.type === "float32" ? "differenceFloat32" : "differenceFloat64"]);
      expect(singlePrecision).to.be.at.most(BOUNDS.float32);
    });
});
