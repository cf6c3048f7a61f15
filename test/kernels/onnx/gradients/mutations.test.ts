import { expect } from "chai";
import { gradientRules } from "../../../../kernels/onnx/index.ts";
import type { DifferentiableOp, RuleTable } from "../../../../kernels/onnx/index.ts";
import type { GradientRule } from "../../../../kernels/onnx/gradients/rule.ts";
import { BOUNDS } from "../near.ts";
import { checkRule } from "./check-rule.ts";
import { ruleCases } from "./rule-cases.ts";

const withRule = (op: DifferentiableOp, rule: GradientRule): RuleTable => ({ ...gradientRules, [op]: rule });
const caseOf = (op: DifferentiableOp) => ruleCases.find((test) => test.op === op)!;

describe("the check of the gradient rules", () => {
  it("catches a Softmax rule that forgets the sum over the axis", async () => {
    const broken: GradientRule = ({ g, y: [y], dy }) => [g.mul(y, dy)];
    const { differences } = await checkRule(caseOf("Softmax"), withRule("Softmax", broken));
    expect(differences).to.be.above(0.1);
  });

  it("catches a Slice rule that builds the traced size in, at another size", async () => {
    const test = ruleCases.find((candidate) => candidate.title === "from the end of an axis whose size varies")!;
    const broken: GradientRule = ({ g, dy }) => [g.op("Pad", [dy, g.ints([0, 1, 0, 0])])];
    const atTracedSize = await checkRule({ ...test, resizes: [] }, withRule("Slice", broken));
    expect(atTracedSize.differences).to.be.below(BOUNDS.differenceFloat64);
    const refused = await checkRule(test, withRule("Slice", broken)).then(
      ({ differences }) => differences > 0.1,
      () => true,
    );
    expect(refused).to.equal(true);
  });

  const differentiable = Object.entries(gradientRules).filter(
    (entry): entry is [DifferentiableOp, GradientRule] => typeof entry[1] === "function",
  );
  for (const [op, rule] of differentiable)
    it(`catches a ${op} gradient that is 1 percent too large`, async () => {
      const broken: GradientRule = (call) =>
        rule(call).map(
          (dx, i) => dx && call.g.mul(dx, call.g.scalar(1.01, isFloatInput(call.x[i], call) ? call.x[i] : call.y[0])),
        );
      const { differences } = await checkRule({ ...caseOf(op), resizes: [] }, withRule(op, broken));
      expect(differences).to.be.above(
        BOUNDS[caseOf(op).type === "float32" ? "differenceFloat32" : "differenceFloat64"],
      );
    });
});

const isFloatInput = (name: string, { g }: Parameters<GradientRule>[0]) => g.type(name).startsWith("float");
