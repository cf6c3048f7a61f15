import { expect } from "chai";
import { convolution, GraphBuilder, instanceNorm, ShapeError } from "../../../../kernels/onnx/build/index.ts";
import type { Float } from "../../../../kernels/onnx/build/index.ts";
import { expectNear } from "../near.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const build = (layer: (g: GraphBuilder, x: Float) => Float, dims: number[]) => {
  const g = new GraphBuilder({ seed: 5 });
  const y = layer(g, g.input("x", "float32", ["batch_size", ...dims]));
  g.output("y", y);
  return { ...g.finish(), dims: y.dims };
};

describe("layers for images", () => {
  for (const [kernel, stride] of [
    [3, 1],
    [3, 2],
    [5, 2],
  ])
    it(`convolution ${kernel} x ${kernel}, stride ${stride}: the sum over a window padded with zeros`, async () => {
      const [channels, out, height, width] = [2, 3, 7, 6];
      const { model, parameters, dims } = build(
        (g, x) => convolution(g, "stem", x, out, { kernel, stride }),
        [channels, height, width],
      );
      const x = seededValues("float32", [2, channels, height, width], 1, 8);
      const [weight, bias] = ["stem.weight", "stem.bias"].map((name) => parameters.get(name)!);
      bias.data.set([0.5, -1, 2]);
      const { y } = await runGraph(model, { x });
      expect(y.dims.slice(1)).to.deep.equal(dims.slice(1));
      const pad = (kernel - 1) / 2;
      const wanted: number[] = [];
      const at = (image: number, c: number, row: number, column: number) =>
        row < 0 || column < 0 || row >= height || column >= width
          ? 0
          : Number(x.data[((image * channels + c) * height + row) * width + column]);
      for (let image = 0; image < 2; image++)
        for (let o = 0; o < out; o++)
          for (let row = 0; row < y.dims[2]; row++)
            for (let column = 0; column < y.dims[3]; column++) {
              let sum = bias.data[o];
              for (let c = 0; c < channels; c++)
                for (let i = 0; i < kernel; i++)
                  for (let j = 0; j < kernel; j++)
                    sum +=
                      weight.data[((o * channels + c) * kernel + i) * kernel + j] *
                      at(image, c, row * stride + i - pad, column * stride + j - pad);
              wanted.push(sum);
            }
      expectNear(y.data, wanted, "float32", "y");
    });

  it("instance norm gives every channel of every image mean 0 and variance 1, then scales and shifts", async () => {
    const { model, parameters } = build((g, x) => instanceNorm(g, "norm", x), [2, 3, 4]);
    parameters.get("norm.weight")!.data.set([2, 1]);
    parameters.get("norm.bias")!.data.set([0, 3]);
    const { y } = await runGraph(model, { x: seededValues("float32", [2, 2, 3, 4], 5, 4) });
    for (const [image, channel, scale, shift] of [
      [0, 0, 2, 0],
      [0, 1, 1, 3],
      [1, 0, 2, 0],
      [1, 1, 1, 3],
    ]) {
      const values = [...(y.data as Float32Array)].slice((image * 2 + channel) * 12, (image * 2 + channel + 1) * 12);
      const mean = values.reduce((a, b) => a + b) / 12;
      expect(mean).to.be.closeTo(shift, 1e-5);
      expect(values.reduce((a, b) => a + (b - mean) ** 2, 0) / 12).to.be.closeTo(scale ** 2, 1e-3);
    }
  });

  it("refuse an even kernel and sizes that vary", () => {
    expect(() => build((g, x) => convolution(g, "stem", x, 4, { kernel: 2 }), [1, 4, 4])).to.throw(
      ShapeError,
      "convolution stem: a kernel of 2 has no middle",
    );
    const g = new GraphBuilder();
    expect(() => convolution(g, "stem", g.input("x", "float32", ["b", 3, "h", "w"]), 4)).to.throw(ShapeError, "varies");
  });
});
