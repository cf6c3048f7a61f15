import type { EditableModel } from "../../../kernels/models/editable-model.ts";
import type { Query } from "../../../kernels/models/model.ts";
import { denseParameter } from "../../../kernels/models/trainables.ts";
import { float32 } from "../../../kernels/tensor.ts";

/** The loss of an answer as a function of a dense change at a site: loss and gradient at `delta` [in * out], zero by default. */
export async function lossAt(model: EditableModel, site: string, { image, question }: Query, answer: string) {
  const name = denseParameter(site);
  const { data, dims } = model.weight(site);
  const objective = await model.objective({
    trainables: [{ kind: "dense", site }],
    examples: [{ query: { image, question }, answer }],
  });
  return async (delta: Float32Array = new Float32Array(data.length)) => {
    const { loss, gradients } = await objective.evaluate({ [name]: float32(delta, dims) });
    return { loss, gradient: gradients[name].data };
  };
}
