import { expect } from "chai";
import { gradientName } from "../../../../kernels/onnx/index.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { type Bound, expectNear, largest } from "../near.ts";
import type { FamilyGraph } from "./family.ts";

const largestOf = (tensor: Tensor) => largest(Array.from(tensor.data as Float32Array));

/** Loss and gradients of a case against the reference. The measure is that of the families' README. */
export function checkGradients(
  { reference }: FamilyGraph,
  name: string,
  wanted: Map<string, Tensor>,
  got: Record<string, Tensor>,
  bounds: { loss: Bound; gradient: Bound } = { loss: "pytorch", gradient: "familyGradient" },
): void {
  if (got.loss) expectNear(got.loss.data, reference.get(`${name}/loss`)!.data, bounds.loss, `${name}: loss`);
  const loudest = largest([...wanted.values()].map(largestOf));
  for (const [target, tensor] of wanted) {
    const gradient = got[gradientName(target)];
    expect(gradient.dims, target).to.deep.equal(tensor.dims);
    // A bias of all keys cancels in the softmax: its gradient is zero, and both sides show rounding alone.
    const scale = Math.max(largestOf(tensor), loudest / 1000);
    expectNear(gradient.data, tensor.data, bounds.gradient, `${name}: ${target}`, scale);
  }
}
