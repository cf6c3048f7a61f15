import { rmSync } from "node:fs";
import { expect } from "chai";
import {
  dense,
  denseInputName,
  externalise,
  initializerMap,
  lift,
  lower,
  merge,
  override,
  overrideNames,
  sessionSource,
  sideInput,
  sideInputNames,
  softPrompt,
  tap,
  tensorOf,
} from "../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { Runtime } from "../../../kernels/runtime/runtime.ts";
import { float32, type Tensor } from "../../../kernels/tensor.ts";
import { describeWithShared } from "../../shared-data.ts";
import { newFolder } from "../onnx/external-model.ts";
import { expectNear } from "../onnx/near.ts";
import { lowRankEdits } from "../onnx/low-rank-edits.ts";
import { EDITED_GRAPHS, type EditedGraph, editedGraphs } from "./edited-graph.ts";

// Graphs without some of the places, or with weights of another kind: a table, convolutions with one projection behind them, and
// products of integers.
const TABLE = "vqarad-tiny-vlm embed_tokens.onnx";
const CONVOLUTIONAL = "vqarad-tiny-vlm vision_encoder.onnx";
const INTEGER = "bert model_int8.onnx";

type Feeds = Record<string, Tensor>;

const filled = (value: number, dims: readonly number[]) =>
  float32(new Float32Array(dims.reduce((product, size) => product * size, 1)).fill(value), dims);
const bytes = ({ data }: Tensor) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

describeWithShared("edits of every model family, as the runtime runs them", EDITED_GRAPHS, () => {
  let runtime: Runtime;
  before(async () => {
    runtime = await Runtime.start("cpu");
  });
  after(() => runtime.dispose());

  const runAll = async (model: OnnxModel, cases: Feeds[], outputs?: string[]) => {
    await using session = await runtime.open(sessionSource(model), "a graph under test");
    const results = [];
    for (const feeds of cases) results.push(await session.run(feeds, { outputs }));
    return results;
  };

  /** Every test of a graph compares with the same runs of its base. */
  const known = new WeakMap<OnnxModel, Promise<Feeds[]>>();
  const baseResults = (model: OnnxModel, cases: Feeds[]) => {
    if (!known.has(model)) known.set(model, runAll(model, cases));
    return known.get(model)!;
  };

  /** `side`: what the edited graph is fed beside the base's inputs, in each case. */
  async function expectBase(
    base: OnnxModel,
    edited: OnnxModel,
    cases: Feeds[],
    side: (feeds: Feeds, i: number) => Feeds,
  ) {
    const outputs = base.graph.output.map((output) => output.name);
    const wanted = await baseResults(base, cases);
    const got = await runAll(edited, cases.map((feeds, i) => ({ ...feeds, ...side(feeds, i) })), outputs); // prettier-ignore
    for (const [i, results] of wanted.entries())
      for (const name of outputs) {
        expect(got[i][name].dims, name).to.deep.equal(results[name].dims);
        expect(bytes(got[i][name]).equals(bytes(results[name])), `${name} in case ${i}`).to.equal(true);
      }
  }

  for (const [title, open] of editedGraphs())
    describe(title, () => {
      let graph: EditedGraph;
      before(async () => {
        graph = await open();
      });

      it("tapping all its states and projections gives the base outputs bit for bit", async () => {
        const { model, states, projections, cases } = graph;
        await expectBase(model, tap(model, [...states, ...projections.map((site) => site.output)]), cases, () => ({}));
      });

      it("empty masks over all its states give the base outputs bit for bit", async () => {
        const { model, states, cases } = graph;
        // They have no residual stream.
        if (title === TABLE || title === CONVOLUTIONAL) return void expect(states).to.deep.equal([]);
        expect(states.length).to.be.above(0);
        const shapes = await runAll(tap(model, states), cases, states);
        const sizes = ["rows", "tokens", shapes[0][states[0]].dims[2]];
        const edited = states.reduce((each, state) => override(each, state, { dims: sizes }), model);
        await expectBase(model, edited, cases, (_, i) =>
          Object.assign({}, ...states.map((state) => {
            const { dims } = shapes[i][state];
            const { mask, values } = overrideNames(state);
            const none: Tensor = { type: "bool", dims: dims.slice(0, 2), data: new Uint8Array(dims[0] * dims[1]) };
            return { [mask]: none, [values]: filled(NaN, dims) };
          })),
        ); // prettier-ignore
      });

      describe("over shared weights, as large models run", () => {
        let folder: string;
        let model: OnnxModel;
        before(() => {
          folder = newFolder();
          model = externalise(graph.model, folder, "weights.bin");
        });
        after(() => rmSync(folder, { recursive: true }));

        const lifted = (names: readonly string[]) => {
          const stored = initializerMap(model);
          const known = [...new Set(names)].filter((name) => stored.has(name));
          return {
            edited: lift(model, known),
            fed: Object.fromEntries(known.map((name) => [name, tensorOf(stored.get(name)!)])),
          };
        };

        it("its own weights, lifted and fed, give the base outputs bit for bit", async () => {
          // A weight that holds several matrices is cut and turned beforehand, and multiplied by another kernel than an input is.
          const { edited, fed } = lifted(graph.projections.filter((site) => !site.part).map((site) => site.weight));
          await expectBase(model, edited, graph.cases, () => fed);
        });

        it("all its weights do so where the engine optimises nothing", async () => {
          const { edited, fed } = lifted(graph.projections.map((site) => site.weight));
          const run = (each: OnnxModel, feeds: Feeds) => {
            const source = sessionSource(each);
            return runtime.runOnce(source.bytes, feeds, source.folder);
          };
          const [feeds] = graph.cases;
          const [wanted, got] = [await run(model, feeds), await run(edited, { ...feeds, ...fed })];
          for (const [name, tensor] of Object.entries(wanted))
            expect(bytes(got[name]).equals(bytes(tensor)), name).to.equal(true);
        });
      });

      it("a soft prompt of no rows gives the base outputs bit for bit, where it takes embeddings", async () => {
        const { model, cases } = graph;
        const embeds = cases[0].inputs_embeds;
        if (!embeds) return expect(() => softPrompt(model)).to.throw('the graph has no input "inputs_embeds"');
        await expectBase(model, softPrompt(model), cases, ({ inputs_embeds: { dims } }) => ({
          soft_prompt: filled(0, [dims[0], 0, dims[2]]),
        }));
      });

      it("side inputs of rank 0, of zero factors and of zero deltas give the base outputs bit for bit", async () => {
        const { model, projections, cases } = graph;
        // A table takes no such terms.
        if (title === TABLE) return void expect(projections).to.deep.equal([]);
        expect(projections.length).to.be.above(title === CONVOLUTIONAL ? 0 : 5);
        const low = projections.reduce((each, site) => sideInput(each, site), model);
        for (const rank of [0, 3])
          await expectBase(model, low, cases, () =>
            Object.assign({}, ...projections.map((site) => {
              const { a, b } = sideInputNames(site.id);
              return { [a]: filled(0.5, [site.in, rank]), [b]: filled(0, [rank, site.out]) };
            })),
          ); // prettier-ignore
        const whole = projections.reduce((each, site) => dense(each, site), model);
        await expectBase(model, whole, cases, () =>
          Object.fromEntries(projections.map((site) => [denseInputName(site.id), filled(0, [site.in, site.out])])),
        );
      });

      it("low-rank side inputs at all its projections give what the merged weights give", async () => {
        const { model, projections, cases } = graph;
        if (title === TABLE) return void expect(projections).to.deep.equal([]);
        const edits = lowRankEdits(projections);
        const withSides = (each: OnnxModel) => projections.reduce((edited, site) => sideInput(edited, site), each);
        const sided = withSides(model);
        const feeds = Object.assign({}, ...edits.map((edit) => edit.feeds)) as Feeds;
        const before = await baseResults(model, cases);
        // An integer weight holds no delta; the same term beside the lowered product is what there is to compare with.
        const wanted =
          title === INTEGER
            ? await runAll(withSides(lower(model)), cases.map((each) => ({ ...each, ...feeds }))) // prettier-ignore
            : await runAll(
                edits.reduce((each, { site, delta }) => merge(each, site, delta), model),
                cases,
              );
        const got = await runAll(sided, cases.map((each) => ({ ...each, ...feeds }))); // prettier-ignore
        for (const [i, results] of wanted.entries())
          for (const [name, tensor] of Object.entries(results)) {
            expectNear(
              got[i][name].data,
              tensor.data,
              title === INTEGER ? "mergedSteps" : "merged",
              `${name} in case ${i}`,
            );
            expect(bytes(before[i][name]).equals(bytes(tensor)), `${name} before and after`).to.equal(false);
          }
      });
    });
});
