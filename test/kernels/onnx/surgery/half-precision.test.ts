import { expect } from "chai";
import { declared, dense, denseInputName, findSites, neuronNames, neurons, replaceRowNames, replaceRows, sessionSource, shiftRowNames, shiftRows, sideInput, sideInputNames } from "../../../../kernels/onnx/index.ts"; // prettier-ignore
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import { addRows, addRowsName } from "../../../../kernels/onnx/surgery/add-rows.ts";
import { floatEdges } from "../../../../kernels/onnx/surgery/float-edges.ts";
import { Runtime } from "../../../../kernels/runtime/runtime.ts";
import { float32, int64, type Tensor } from "../../../../kernels/tensor.ts";
import { HALF_FORMS, halfGraph } from "../../models/half-model.ts";
import { phantomDecoder, phantomFeeds } from "../phantom-decoder.ts";
import { seededValues } from "../seeded-values.ts";

const [BATCH, TOKENS] = [1, 6];
const LAYER = 2;

describe("edits of a decoder in half precision, as the runtime runs them", () => {
  let runtime: Runtime;
  before(async () => {
    runtime = await Runtime.start("cpu");
  });
  after(() => runtime.dispose());

  const single = phantomDecoder();
  const numbers = (scale: number, dims: number[], seed: number) => {
    const values = seededValues("float32", dims, 1, seed);
    return float32((values.data as Float32Array).map((value) => value * scale), dims);
  }; // prettier-ignore
  const mask = (type: "bool" | "float32", on: number): Tensor =>
    type === "bool"
      ? { type, dims: [BATCH, TOKENS], data: Uint8Array.from({ length: TOKENS }, (_, i) => Number(i === TOKENS - 1) * on) }
      : float32(Float32Array.from({ length: TOKENS }, (_, i) => Number(i === TOKENS - 1) * on), [BATCH, TOKENS]); // prettier-ignore
  const at = (model: OnnxModel, role: string) => findSites(model).find(({ id }) => id === `layers.${LAYER}.${role}`)!;
  const [down, output] = [`layers.${LAYER}.mlp.down_proj`, `layers.${LAYER}.output`];

  /** A surgery, and what its inputs are fed: at 0 nothing happens, at 1 something does. */
  const kinds: Record<
    string,
    { edit: (model: OnnxModel) => OnnxModel; feeds: (on: number) => Record<string, Tensor> }
  > = {
    dense: {
      edit: (model) => dense(model, at(model, "mlp.down_proj")),
      feeds: (on) => ({ [denseInputName(down)]: numbers(0.1 * on, [512, 192], 1) }),
    },
    "dense where queries are made": {
      edit: (model) => dense(model, at(model, "self_attn.q_proj")),
      feeds: (on) => ({ [denseInputName(`layers.${LAYER}.self_attn.q_proj`)]: numbers(on, [192, 192], 1) }),
    },
    "low-rank": {
      edit: (model) => sideInput(model, at(model, "mlp.down_proj")),
      feeds: (on) => ({
        [sideInputNames(down).a]: numbers(0.5, [512, 2], 2),
        [sideInputNames(down).b]: numbers(0.5 * on, [2, 192], 3),
      }),
    },
    neurons: {
      edit: (model) => neurons(model, at(model, "mlp.up_proj"), at(model, "mlp.down_proj")),
      feeds: (on) => ({
        [neuronNames(down).keys]: numbers(0.5, [192, 3], 4),
        [neuronNames(down).bias]: numbers(0.5, [3], 5),
        [neuronNames(down).values]: numbers(on, [3, 192], 6),
      }),
    },
    "added rows": {
      edit: (model) => addRows(model, at(model, "mlp.down_proj")),
      feeds: (on) => ({ [addRowsName(down)]: numbers(on, [BATCH, TOKENS, 192], 7) }),
    },
    "replaced rows": {
      edit: (model) => replaceRows(model, at(model, "output")),
      feeds: (on) => ({ [replaceRowNames(output).mask]: mask("bool", on), [replaceRowNames(output).value]: numbers(1, [192], 8) }), // prettier-ignore
    },
    "shifted rows": {
      edit: (model) => shiftRows(model, at(model, "output")),
      feeds: (on) => ({ [shiftRowNames(output).mask]: mask("float32", on), [shiftRowNames(output).delta]: numbers(1, [192], 9) }), // prettier-ignore
    },
  };

  const logits = async (model: OnnxModel, given: Record<string, Tensor> = {}) => {
    await using session = await runtime.open(sessionSource(model), "a graph under test");
    const own = Object.entries<Tensor>({
      ...phantomFeeds(single, [BATCH, TOKENS]),
      num_logits_to_keep: int64([0], []),
      ...given,
    });
    const fed = Object.fromEntries(own.filter(([name]) => session.inputs.some((input) => input.name === name)));
    const cached = (name: string) => session.inputs.find((input) => input.name === name)!.type === "float16";
    // Only the empty cache is in half precision.
    for (const [name, tensor] of Object.entries(fed))
      if (cached(name)) fed[name] = { type: "float16", dims: tensor.dims, data: new Uint16Array() };
    return (await session.run(fed, { outputs: ["logits"] })).logits.data as Float32Array;
  };
  const furthest = (a: Float32Array, b: Float32Array) => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0); // prettier-ignore
  const bytes = ({ buffer, byteOffset, byteLength }: Float32Array) => Buffer.from(buffer, byteOffset, byteLength);

  const once = <T>(make: () => Promise<T>) => {
    let made: Promise<T> | undefined;
    return () => (made ??= make());
  };
  const unchanged = once(() => logits(single));
  const inSingle = Object.fromEntries(
    Object.entries(kinds).map(([name, { edit, feeds }]) => [name, once(() => logits(edit(single), feeds(1)))]),
  );

  for (const form of HALF_FORMS) {
    const half = floatEdges(halfGraph(single, form), (name) => name.includes("."));
    const unedited = once(() => logits(half));
    for (const [name, { edit, feeds }] of Object.entries(kinds))
      it(`${form}, ${name}: float32 inputs, the base bit for bit at zero, and what the float32 graph gives otherwise`, async () => {
        const edited = edit(half);
        for (const [input, { type }] of Object.entries(feeds(1)))
          expect(declared(edited.graph.input.find((each) => each.name === input)!).type, input).to.equal(type);
        const [base, zero] = [await unedited(), await logits(edited, feeds(0))];
        expect(bytes(zero).equals(bytes(base))).to.equal(true);
        const [changed, wanted] = [await logits(edited, feeds(1)), await inSingle[name]()];
        const moved = furthest(wanted, await unchanged());
        expect(moved).to.be.greaterThan(0.5);
        expect(furthest(changed, wanted)).to.be.lessThan(0.03 * Math.max(1, moved));
      });
  }

  it("casts inputs and outputs in half precision inside the graph, but for those that stay", () => {
    const half = halfGraph(single, "half edges");
    const types = ({ graph }: OnnxModel) =>
      Object.fromEntries([...graph.input, ...graph.output].map((info) => [info.name, declared(info).type]));
    expect(types(half)).to.include({ inputs_embeds: "float16", logits: "float16", "past_key_values.0.key": "float16" });
    const found = types(floatEdges(half, (name) => name.includes(".")));
    expect(found).to.deep.equal({ ...types(half), inputs_embeds: "float32", logits: "float32" });
    expect(floatEdges(single)).to.equal(single);
  });
});
