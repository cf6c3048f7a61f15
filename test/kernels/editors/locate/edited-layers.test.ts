import { expect } from "chai";
import { NoSuchSiteError } from "../../../../kernels/editors/default-sites.ts";
import { editedLayers, inLayerOf } from "../../../../kernels/editors/locate/edited-layers.ts";
import type { EditableModel } from "../../../../kernels/models/editable-model.ts";
import type { Site } from "../../../../kernels/onnx/sites.ts";

/** The part of a model that is looked at: its sites. */
const ofDepth = (layers: number) =>
  ({
    id: `${layers} layers`,
    sites: Array.from({ length: layers }, (_, layer) => [
      { id: `layers.${layer}.mlp.down_proj`, role: "mlp.down_proj", layer } as Site,
      { id: `layers.${layer}.output`, role: "output", layer } as Site,
    ]).flat(),
  }) as unknown as EditableModel;

describe("the layers that are written", () => {
  const layers = (depth: number, firstDepth: number, lastDepth: number) =>
    editedLayers("memit", ofDepth(depth), { firstDepth, lastDepth }).map((site) => Number(site.split(".")[1]));

  it("are a share of the depth: those of Llama-2 for its 32", () =>
    expect(layers(32, 4 / 31, 8 / 31)).to.deep.equal([4, 5, 6, 7, 8]));

  it("leave out the last unless it is the only one", () => {
    expect(layers(5, 0.25, 1)).to.deep.equal([1, 2, 3]);
    expect(layers(2, 0, 1)).to.deep.equal([0]);
    expect(layers(1, 0, 1)).to.deep.equal([0]);
  });

  it("are those that are named, as long as they exist", () => {
    const model = ofDepth(3);
    const named = { firstDepth: 0, lastDepth: 0 };
    const last = "layers.2.mlp.down_proj";
    expect(editedLayers("memit", model, { ...named, sites: [last] })).to.deep.equal([last]);
    expect(() => editedLayers("memit", model, { ...named, sites: ["layers.3.mlp.down_proj"] })).to.throw(
      NoSuchSiteError,
    );
  });

  it("have a place where their value is optimised, or the error says what to do", () => {
    expect(inLayerOf("memit", ofDepth(2), "layers.1.mlp.down_proj", "output")).to.equal("layers.1.output");
    expect(() => inLayerOf("pmet", ofDepth(2), "layers.1.mlp.down_proj", "self_attn.o_proj")).to.throw(
      NoSuchSiteError,
      /layer 1 shows no site of role "self_attn\.o_proj"/,
    );
  });
});
