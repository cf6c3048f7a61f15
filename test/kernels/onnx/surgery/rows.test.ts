import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  crossEntropy,
  dense,
  denseInputName,
  exampleFeeds,
  findSites,
  gradientGraph,
  gradientName,
  readModel,
  replaceRowNames,
  replaceRows,
  shiftRowNames,
  shiftRows,
  SurgeryError,
  tap,
  trace,
  UnknownGraphNameError,
} from "../../../../kernels/onnx/index.ts";
import type { OnnxModel, Site } from "../../../../kernels/onnx/index.ts";
import { float32, int64, type Tensor } from "../../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";
import { asFloat64 } from "../as-float64.ts";
import { expectNear } from "../near.ts";
import { phantomDecoder, phantomFeeds } from "../phantom-decoder.ts";
import { projectionModel } from "../projection-model.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const GPT2 = "models/tiny-families/gpt2/model.onnx";
const [BATCH, TOKENS] = [2, 5];
const bits = (...at: number[]) => Uint8Array.from({ length: BATCH * TOKENS }, (_, i) => Number(at.includes(i)));
const bool = (...at: number[]): Tensor => ({ type: "bool", dims: [BATCH, TOKENS], data: bits(...at) });
const numbers = ({ data }: Tensor) => Array.from(data as Float32Array);
const hex = (tensor: Tensor) => Buffer.from(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength).toString("hex"); // prettier-ignore
const siteOf = (model: OnnxModel, id: string) => findSites(model).find((site) => site.id === id)!;

/** Rows of a value at a site: as they are, and after the surgery. */
async function rowsAt(before: OnnxModel, after: OnnxModel, site: Site, feeds: Record<string, Tensor>) {
  const run = async (model: OnnxModel) => {
    const tapped = tap(model, [site.output]);
    const known = new Set(tapped.graph.input.map(({ name }) => name));
    return runGraph(tapped, Object.fromEntries(Object.entries(feeds).filter(([name]) => known.has(name))));
  };
  const [base, found] = [await run(before), await run(after)];
  const row = (tensor: Tensor, i: number) => numbers(tensor).slice(i * site.out, (i + 1) * site.out);
  return { base, found, row, dims: found[site.output].dims };
}

const phantom = phantomDecoder();
const prompt = phantomFeeds(phantom, [BATCH, TOKENS]);
const SITES = ["layers.2.mlp.down_proj", "layers.1.output", "layers.4.output", "lm_head"];

describe("replaced rows", () => {
  for (const id of SITES) {
    const site = siteOf(phantom, id);
    const { mask, value } = replaceRowNames(id);
    const vector = seededValues("float32", [site.out], 2, 3);

    it(`are the value at ${id}, and the others of that layer as they were`, async () => {
      const feeds = { ...prompt, [mask]: bool(1, 7), [value]: vector };
      const { base, found, row } = await rowsAt(phantom, replaceRows(phantom, site), site, feeds);
      for (let i = 0; i < BATCH * TOKENS; i++)
        expect(row(found[site.output], i), `row ${i}`).to.deep.equal(
          i === 1 || i === 7 ? numbers(vector) : row(base[site.output], i),
        );
      expect(hex(found.logits)).to.not.equal(hex(base.logits));
    });

    it(`give the base model's logits bit for bit with nothing replaced at ${id}`, async () => {
      const feeds = { ...prompt, [mask]: bool(), [value]: vector };
      const { base, found } = await rowsAt(phantom, replaceRows(phantom, site), site, feeds);
      for (const name of Object.keys(base)) expect(hex(found[name]), name).to.equal(hex(base[name]));
    });
  }

  for (const order of ["before", "after"] as const)
    it(`stay as they are replaced when a side input is added ${order}`, async () => {
      const site = siteOf(phantom, "layers.2.mlp.down_proj");
      const { mask, value } = replaceRowNames(site.id);
      const edited =
        order === "before" ? replaceRows(dense(phantom, site), site) : dense(replaceRows(phantom, site), site);
      const vector = seededValues("float32", [site.out], 2, 3);
      const feeds = {
        ...prompt,
        [mask]: bool(4),
        [value]: vector,
        [denseInputName(site.id)]: seededValues("float32", [site.in, site.out], 0.1, 4),
      };
      const { base, found, row } = await rowsAt(dense(phantom, site), edited, site, feeds);
      expect(row(found[site.output], 4)).to.deep.equal(numbers(vector));
      expect(row(found[site.output], 3)).to.deep.equal(row(base[site.output], 3));
      expect(row(base[site.output], 3)).to.not.deep.equal(row((await runGraph(tap(phantom, [site.output]), prompt))[site.output], 3)); // prettier-ignore
    });

  it("pass no gradient on where they are replaced: that of the value is the sum of the rows' own", async () => {
    const { model, second } = projectionModel("float64");
    const { mask, value } = replaceRowNames(second.id);
    const edited = replaceRows(model, second);
    const feeds: Record<string, Tensor> = {
      x: seededValues("float64", [4, 3], 1, 9),
      [mask]: { type: "bool", dims: [4, 1], data: Uint8Array.of(0, 1, 1, 0) },
      [value]: seededValues("float64", [2], 1, 2),
      "cotangent:y": seededValues("float64", [4, 2], 1, 5),
    };
    const traced = await trace(edited, { ...feeds, [mask]: { ...feeds[mask], dims: [2, 2] } }, runGraph);
    const found = await runGraph(
      gradientGraph(edited, { outputs: ["y"], targets: [value, "x"], trace: traced }),
      feeds,
    );
    const dy = numbers(feeds["cotangent:y"]);
    expectNear(found[gradientName(value)].data, [dy[2] + dy[4], dy[3] + dy[5]], "differenceFloat64", "value");
    expect(numbers(found[gradientName("x")]).slice(3, 9)).to.deep.equal([0, 0, 0, 0, 0, 0]);
    expect(numbers(found[gradientName("x")]).slice(0, 3)).to.not.include(0);
  });

  it("are refused twice, where no row is a token, and in another model", () => {
    const site = siteOf(phantom, "layers.1.output");
    expect(() => replaceRows(replaceRows(phantom, site), site)).to.throw(
      SurgeryError,
      'site layers.1.output: the graph already has an input "replace:layers.1.output:mask"',
    );
    expect(() => replaceRows(phantom, { ...site, kind: "convolution" })).to.throw(SurgeryError, "not one row a token");
    expect(() => replaceRows(phantom, { ...site, output: "logit" })).to.throw(UnknownGraphNameError, '"logits"');
  });
});

describe("shifted rows", () => {
  for (const id of SITES) {
    const site = siteOf(phantom, id);
    const { mask, delta } = shiftRowNames(id);

    it(`have the vector added at ${id}, times the mask, and with a vector of zeros change nothing`, async () => {
      const edited = shiftRows(phantom, site);
      const [weights, vector] = [new Float32Array(10), seededValues("float32", [site.out], 2, 3)];
      weights.set([1, 0.5], 2);
      const feeds = { ...prompt, [mask]: float32(weights, [BATCH, TOKENS]), [delta]: vector };
      const { base, found, row } = await rowsAt(phantom, edited, site, feeds);
      weights.forEach((weight, i) => {
        const wanted = row(base[site.output], i).map((y, k) =>
          Math.fround(y + Math.fround(weight * numbers(vector)[k])),
        );
        expect(row(found[site.output], i), `row ${i}`).to.deep.equal(wanted);
      });
      const none = { ...feeds, [delta]: float32(new Float32Array(site.out), [site.out]) };
      const same = await rowsAt(phantom, edited, site, none);
      for (const name of Object.keys(same.base)) expect(numbers(same.found[name]), name).to.deep.equal(numbers(same.base[name])); // prettier-ignore
    });
  }

  it("have a gradient that equals central differences in float64, of a layer's output and behind a side input", async () => {
    const wide = asFloat64(phantom);
    const ids = ["layers.3.output", "layers.2.mlp.down_proj"];
    const [output, down] = ids.map((id) => siteOf(wide, id));
    const model = crossEntropy(shiftRows(shiftRows(dense(wide, down), down), output));
    const targets = ids.map((id) => shiftRowNames(id).delta);
    const traced = await trace(model, phantomFeeds(model, [2, 3], "float64", { past_sequence_length: 2 }), runGraph);
    const feeds = phantomFeeds(model, [BATCH, TOKENS], "float64");
    for (const [i, { name }] of model.graph.input.entries())
      if (/^(side|shift|loss_weights)/.test(name)) feeds[name] = seededValues("float64", feeds[name].dims, 0.1, i);
    const found = await runGraph(gradientGraph(model, { loss: "loss", targets, trace: traced }), feeds);
    for (const name of targets) {
      const gradient = Array.from(found[gradientName(name)].data as Float64Array);
      const direction = seededValues("float64", [192], 1, 77).data as Float64Array;
      const loss = async (step: number) => {
        const data = (feeds[name].data as Float64Array).map((value, i) => value + step * direction[i]);
        return (await runGraph(model, { ...feeds, [name]: { ...feeds[name], data } as Tensor })).loss.data[0] as number;
      };
      const slope = ((await loss(1e-4)) - (await loss(-1e-4))) / 2e-4;
      const wanted = gradient.reduce((sum, value, i) => sum + value * direction[i], 0);
      expectNear([wanted], [slope], "model", name);
    }
  });

  it("are refused twice", () => {
    const site = siteOf(phantom, "layers.1.output");
    expect(() => shiftRows(shiftRows(phantom, site), site)).to.throw(SurgeryError, '"shift:layers.1.output:mask"');
  });
});

describeWithShared("rows of a site that flattens its tokens", [GPT2], () => {
  it("are told by the same mask of batch and tokens", async () => {
    const model = readModel(readFileSync(shared(GPT2)), GPT2);
    const site = siteOf(model, "layers.1.mlp.c_proj");
    const feeds = exampleFeeds(model, { batch: BATCH, batch_size: BATCH, sequence: TOKENS, sequence_length: TOKENS });
    feeds.input_ids = int64([1, 5, 9, 2, 14, 3, 3, 8, 11, 6], [BATCH, TOKENS]);
    const [replace, shift] = [replaceRowNames(site.id), shiftRowNames(site.id)];
    const vector = seededValues("float32", [site.out], 2, 3);
    feeds[replace.mask] = bool(6);
    feeds[replace.value] = vector;
    feeds[shift.mask] = float32(Float32Array.from(bits(2)), [BATCH, TOKENS]);
    feeds[shift.delta] = vector;
    const edited = shiftRows(replaceRows(model, site), site);
    const { base, found, row, dims } = await rowsAt(model, edited, site, feeds);
    expect(dims).to.deep.equal([BATCH * TOKENS, site.out]);
    expect(row(found[site.output], 6)).to.deep.equal(numbers(vector));
    expect(row(found[site.output], 5)).to.deep.equal(row(base[site.output], 5));
    expect(row(found[site.output], 2)).to.deep.equal(
      row(base[site.output], 2).map((y, k) => Math.fround(y + numbers(vector)[k])),
    );
  });
});
