import { rmSync } from "node:fs";
import { join } from "node:path";
import type { PreTrainedModel } from "@huggingface/transformers";
import { expect } from "chai";
import { Decoder } from "../../../kernels/models/decoder.ts";
import { NO_SIDES, type SideSites } from "../../../kernels/models/side-feeds.ts";
import { type Taps, transformersSession } from "../../../kernels/models/transformers-session.ts";
import {
  denseInputName,
  externalise,
  findSites,
  initializerMap,
  lift,
  merge,
  override,
  overrideNames,
  sessionSource,
  sideInputNames,
  SOFT_PROMPT,
  softPrompt,
  tap,
  tensorOf,
} from "../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { Runtime } from "../../../kernels/runtime/runtime.ts";
import { float32, type Tensor } from "../../../kernels/tensor.ts";
import { describeWithShared } from "../../shared-data.ts";
import { newFolder } from "../onnx/external-model.ts";
import { lowRankEdits } from "../onnx/low-rank-edits.ts";
import { expectNear } from "../onnx/near.ts";
import { EDITED_GRAPHS } from "../runtime/edited-graph.ts";
import { cachedDecoders, fromTokenIds, writeDecoderFolder } from "./decoder-folders.ts";
import { generate, type Generated, loadCausal, NEW_TOKENS } from "./generate.ts";

const PROMPTS = [
  [5, 9, 3, 11, 7],
  [4, 6],
];
const NONE: SideSites = NO_SIDES;

const filled = (value: number, dims: readonly number[]) =>
  float32(new Float32Array(dims.reduce((product, size) => product * size, 1)).fill(value), dims);

function expectSame(got: Generated, wanted: Generated): void {
  expect(got.tokens).to.deep.equal(wanted.tokens);
  expect(got.logits.length).to.equal(PROMPTS.length * NEW_TOKENS);
  got.logits.forEach((logits, i) =>
    expect(Buffer.from(logits.buffer).equals(Buffer.from(wanted.logits[i].buffer)), `logits ${i}`).to.equal(true),
  );
}

// Encoders (BERT, RoBERTa, CLIP, SigLIP, ViT) and the int8 graph of BERT have no generate().
describeWithShared("edits under transformers.js's generate(), every decoder with a cache", EDITED_GRAPHS, () => {
  let runtime: Runtime;
  before(async () => {
    runtime = await Runtime.start("cpu");
  });
  after(() => runtime.dispose());

  it("all seven decoder families and both models are covered, the families' fused and 4-bit graphs too", () => {
    const titles = cachedDecoders().map(({ title }) => title);
    expect(titles).to.have.length(15);
    for (const file of ["model_kv", "model_fused", "model_q4"]) expect(titles.join()).to.include(file);
    expect(new Set(titles.map((title) => title.split(" ")[0]))).to.have.property("size", 9);
  });

  for (const source of cachedDecoders())
    describe(source.title, () => {
      let folder: string;
      let whole: OnnxModel;
      let model: PreTrainedModel;
      let decoder: Decoder;
      /** The untouched graph in transformers.js's own session. */
      let base: Generated;
      before(async () => {
        folder = newFolder();
        whole = await fromTokenIds(source);
        const file = writeDecoderFolder(join(folder, "base"), source, whole);
        model = await loadCausal(join(folder, "base"));
        decoder = await Decoder.open(runtime, file);
        base = await generate(model, PROMPTS);
      });
      after(async () => {
        await model?.dispose();
        rmSync(folder, { recursive: true });
      });

      const edited = async (sites: SideSites, side: Record<string, Tensor>) =>
        generate(
          model,
          PROMPTS,
          transformersSession(await decoder.generation(sites), () => side),
        );
      const inGraph = async (graph: OnnxModel, side: Record<string, Tensor> = {}, taps?: Taps) => {
        await using session = await runtime.open(sessionSource(graph), source.title);
        return await generate(
          model,
          PROMPTS,
          transformersSession(session, () => side, taps),
        );
      };
      const states = () => findSites(whole).flatMap((site) => (site.role === "output" ? [site.output] : []));

      it("the file gives the same tokens and logits, bit for bit, in our session as in transformers.js's own", async () => {
        expect(base.tokens.every((tokens) => tokens.length === NEW_TOKENS)).to.equal(true);
        expectSame(await edited(NONE, {}), base);
      });

      it("low-rank edits of rank 0 and of zero factors, and zero deltas, change no bit", async () => {
        const sites = decoder.sites.filter(({ kind }) => kind === "projection");
        expect(sites.length).to.be.above(5);
        const ids = sites.map((site) => site.id);
        for (const rank of [0, 3]) {
          const side = sites.map(({ id, in: rows, out: columns }) => {
            const { a, b } = sideInputNames(id);
            return { [a]: filled(0.5, [rows, rank]), [b]: filled(0, [rank, columns]) };
          });
          expectSame(await edited({ ...NO_SIDES, lowRank: ids }, Object.assign({}, ...side)), base);
        }
        const zero = sites.map((site) => [denseInputName(site.id), filled(0, [site.in, site.out])]);
        expectSame(await edited({ ...NO_SIDES, dense: ids }, Object.fromEntries(zero)), base);
      });

      it("tapped states arrive at every step and change no bit", async () => {
        const seen: number[] = [];
        const [state] = states();
        const each = (values: Record<string, Tensor>) => void seen.push(values[state].dims[1]);
        expectSame(await inGraph(tap(whole, [state]), {}, { outputs: [state], each }), base);
        const steps = Array<number>(NEW_TOKENS - 1).fill(1);
        expect(seen).to.deep.equal(PROMPTS.flatMap((prompt) => [prompt.length, ...steps]));
      });

      it("empty masks over all states change no bit", async () => {
        const dims = ["rows", "tokens", "features"];
        const graph = states().reduce((each, state) => override(each, state, { dims }), whole);
        const side = states().map((state) => {
          const { mask, values } = overrideNames(state);
          // One place for all: it spreads over prompts and steps of any length.
          return {
            [mask]: { type: "bool", dims: [1, 1], data: Uint8Array.of(0) } as Tensor,
            [values]: filled(NaN, [1, 1, 1]),
          };
        });
        expectSame(await inGraph(graph, Object.assign({}, ...side)), base);
      });

      it("lifted weights change no bit over shared weights, as in large models, unless the graph itself turns them (opt)", async () => {
        const external = externalise(whole, folder, "weights.bin");
        const stored = initializerMap(external);
        const names = [...new Set(decoder.sites.map((site) => site.weight))].filter((name) => stored.has(name));
        const fed = Object.fromEntries(names.map((name) => [name, tensorOf(stored.get(name)!)]));
        const [got, wanted] = [await inGraph(lift(external, names), fed), await inGraph(external)];
        const turned = whole.graph.node.some((node) => node.opType === "Transpose" && names.includes(node.input[0]));
        expect(turned).to.equal(source.title.startsWith("opt"));
        if (!turned) return expectSame(got, wanted);
        // A weight is turned once, an input inside the product: single rows are then summed in another order.
        expect(got.tokens).to.deep.equal(wanted.tokens);
        got.logits.forEach((logits, i) => expectNear(logits, wanted.logits[i], "merged", `logits ${i}`));
      });

      if (source.embed)
        it("a soft prompt of no rows changes no bit", async () => {
          const graph = await fromTokenIds(source, (each) => softPrompt(each));
          const width = decoder.sites.find((site) => site.layer === 0)!.in;
          expectSame(await inGraph(graph, { [SOFT_PROMPT]: filled(0, [1, 0, width]) }), base);
        });

      it("low-rank edits at all projections generate what a folder with merged weights generates", async () => {
        const sites = decoder.sites.filter(({ kind }) => kind === "projection");
        const edits = lowRankEdits(sites, 0.2);
        const side = Object.assign({}, ...edits.map((edit) => edit.feeds)) as Record<string, Tensor>;
        const got = await edited({ ...NO_SIDES, lowRank: sites.map((site) => site.id) }, side);
        const merged = edits.reduce((each, { site, delta }) => merge(each, site, delta), whole);
        writeDecoderFolder(join(folder, "merged"), source, merged);
        const other = await loadCausal(join(folder, "merged"));
        const wanted = await generate(other, PROMPTS);
        await other.dispose();
        expect(got.tokens).to.deep.equal(wanted.tokens);
        expect(got.tokens).to.not.deep.equal(base.tokens);
        got.logits.forEach((logits, i) => expectNear(logits, wanted.logits[i], "merged", `logits ${i}`));
      });
    });
});
