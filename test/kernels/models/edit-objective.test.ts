import type { Worker } from "node:worker_threads";
import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { normal } from "../../../kernels/editors/lora/normal.ts";
import { CancelledError } from "../../../kernels/errors.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import { ContextLengthError } from "../../../kernels/models/context-length-error.ts";
import { DivergedError } from "../../../kernels/models/diverged-error.ts";
import type { Values } from "../../../kernels/models/edit-objective.ts";
import type { Example } from "../../../kernels/models/example-batch.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import { denseParameter, lowRankParameters, maskParameter, neuronParameters, rowsParameter, shiftParameter, type Trainable } from "../../../kernels/models/trainables.ts"; // prettier-ignore
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { random } from "../../../kernels/random.ts";
import { adam } from "../../../kernels/runtime/optimisers/adam.ts";
import { schedule } from "../../../kernels/runtime/optimisers/schedule.ts";
import { float32 } from "../../../kernels/tensor.ts";

const site = "layers.2.mlp.down_proj";

describe("objectives of edits", () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    model = await loadModel("phantom", { device: "cpu" });
    cases = (await loadCases("phantom/medmkeb", { model, limit: 2 })).cases;
  });
  after(() => model?.dispose());

  const example = ({ image, question, target }: EditCase): Example => ({ query: { image, question }, answer: target });
  const stream = random(11);
  const drawn = (dims: number[], deviation = 0.02) =>
    float32(normal(stream, dims.reduce((a, b) => a * b), deviation), dims); // prettier-ignore
  const zeros = (...dims: number[]) => float32(new Float32Array(dims.reduce((a, b) => a * b)), dims);
  async function using<T>(
    trainables: Trainable[],
    examples: Example[],
    run: (objective: Awaited<ReturnType<VisionLanguageModel["objective"]>>) => Promise<T>,
  ): Promise<T> {
    // prettier-ignore
    const objective = await model.objective({ trainables, examples });
    try {
      return await run(objective);
    } finally {
      await objective.release();
    }
  }

  const { a, b } = lowRankParameters(site);
  const { keys, bias, values } = neuronParameters(site);
  const kinds: [string, Trainable, (tokens: number) => Values][] = [
    ["dense", { kind: "dense", site }, () => ({ [denseParameter(site)]: drawn([512, 192]) })],
    ["low-rank", { kind: "low-rank", site }, () => ({ [a]: drawn([512, 3]), [b]: drawn([3, 192]) })],
    ["shift", { kind: "shift", site }, () => ({ [shiftParameter(site)]: drawn([192]) })],
    ["rows", { kind: "rows", site }, (tokens) => ({ [rowsParameter(site)]: drawn([1, tokens, 192]) })],
    ["neurons", { kind: "neurons", site }, () => ({ [keys]: drawn([192, 2], 0.1), [bias]: drawn([2]), [values]: drawn([2, 192], 0.5) })], // prettier-ignore
    ["projector", { kind: "dense", site: "projector" }, () => ({ [denseParameter("projector")]: drawn([128, 192]) })],
    ["vision MLP", { kind: "dense", site: "vision.layers.1.mlp.fc2" }, () => ({ [denseParameter("vision.layers.1.mlp.fc2")]: drawn([512, 128]) })], // prettier-ignore
  ];
  for (const [name, trainable, start] of kinds)
    it(`${name}: gradients are those of finite differences`, async () => {
      const seen = cases.find(({ image }) => image)!;
      const row = model.promptLength(example(seen).query) - 1;
      await using([trainable], [{ ...example(seen), shifts: { [site]: row } }], async (objective) => {
        const at = start(objective.batch.embeds.dims[1]);
        const { gradients } = await objective.evaluate(at);
        for (const [parameter, { data, dims }] of Object.entries(at)) {
          const gradient = gradients[parameter].data;
          const length = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
          expect(length, parameter).to.be.greaterThan(0);
          // Along the gradient, by steps that change the loss by about 0.002 nats.
          const step = 0.002 / length ** 2;
          const loss = async (sign: number) => (await objective.evaluate({ ...at, [parameter]: float32(data.map((value, i) => value + sign * step * gradient[i]), dims) })).loss; // prettier-ignore
          const difference = ((await loss(1)) - (await loss(-1))) / (2 * step * length);
          expect(difference / length, parameter).to.be.closeTo(1, 0.02);
        }
      });
    });

  it("refuses an example that the model has no positions for, and an optimisation that leaves the numbers", async () => {
    const long = { ...example(cases[0]), answer: "very ".repeat(300) };
    const refused = await using([{ kind: "dense", site }], [long], async () => {}).catch((error) => error);
    expect(refused).to.be.instanceOf(ContextLengthError);
    const name = denseParameter(site);
    const diverged = await using([{ kind: "dense", site }], [example(cases[0])], (objective) =>
      objective.fit({ [name]: zeros(512, 192) }, { optimiser: { kind: "adamw", lr: 1e30 }, steps: 8 }),
    ).catch((error) => error);
    expect(diverged).to.be.instanceOf(DivergedError);
    expect(diverged.message).to.match(/Lower the editor's option "lr"/);
  });

  it("finds the row of a word at the end of a question as in the middle of one", () => {
    const [asked, bare] = ["what is affected by velkin?", "what is affected by velkin"];
    const row = model.promptRow({ question: asked }, bare.length);
    expect(model.promptRow({ question: bare }, bare.length)).to.equal(row);
    expect(row).to.be.lessThan(model.promptLength({ question: bare }) - 1);
  });

  it("reads what goes into a site whose rows are replaced", async () => {
    const query = example(cases[0]).query;
    const edit = {
      ...{ id: "r", editor: "test", cases: [], scope: { kind: "always" as const } },
      interventions: [{ kind: "replace" as const, site, value: drawn([192]) }],
      provenance: { editor: "test", model: "phantom", seed: 0, options: {} },
    };
    const taps = [{ site, of: "input" as const }];
    const [[before], [after]] = [
      (await model.states(query, taps)).values,
      (await model.with(edit).states(query, taps)).values,
    ];
    expect(after).to.deep.equal(before);
  });

  it("a batch is the mean of its parts", async () => {
    const at = { [denseParameter(site)]: drawn([512, 192]) };
    const of = (...some: EditCase[]) => using([{ kind: "dense", site }], some.map(example), (o) => o.evaluate(at));
    const [first, second, both] = [await of(cases[0]), await of(cases[1]), await of(...cases)];
    expect(both.loss).to.be.closeTo((first.loss + second.loss) / 2, 1e-5);
    expect(both.logprobs.map(({ length }) => length)).to.deep.equal([first, second].map(({ logprobs }) => logprobs[0].length)); // prettier-ignore
    const name = denseParameter(site);
    both.gradients[name].data.forEach((value, i) => expect(value).to.be.closeTo((first.gradients[name].data[i] + second.gradients[name].data[i]) / 2, 1e-5)); // prettier-ignore
  });

  it("fits as a loop of evaluations and steps does, and does not take the step below the wanted loss", async () => {
    const name = denseParameter(site);
    const optimiser = { kind: "adam" as const, lr: 0.002 };
    await using([{ kind: "dense", site }], [example(cases[0])], async (objective) => {
      const course = { kind: "cosine" as const, steps: 6 };
      const fitted = await objective.fit({ [name]: zeros(512, 192) }, { optimiser, steps: 4, schedule: course });
      const rule = adam(512 * 192, optimiser);
      let at = zeros(512, 192);
      const losses: number[] = [];
      for (let step = 0; step < 4; step++) {
        const { loss, gradients } = await objective.evaluate({ [name]: at });
        losses.push(loss);
        const change = rule.step(gradients[name].data, at.data);
        at = float32(at.data.map((value, i) => value + schedule(course, step) * change[i]), at.dims); // prettier-ignore
      }
      expect(fitted.losses).to.have.length(4);
      fitted.losses.forEach((loss, i) => expect(loss).to.be.closeTo(losses[i], 1e-3));
      const stopped = await objective.fit({ [name]: zeros(512, 192) }, { optimiser, steps: 4, stopBelow: losses[1] + 0.01 }); // prettier-ignore
      expect(stopped.losses).to.have.length(2);
      const single = await objective.fit({ [name]: zeros(512, 192) }, { optimiser, steps: 1 });
      expect(stopped.values[name].data).to.deep.equal(single.values[name].data);
    });
  });

  it("takes no step that was called off, though the engine has computed it, and any number of them", async () => {
    const last = "layers.4.mlp.down_proj";
    await using(
      [{ kind: "shift", site: last }],
      [{ ...example(cases[0]), shifts: { [last]: 12 } }],
      async (objective) => {
        const start = { [shiftParameter(last)]: zeros(192) };
        const optimiser = { kind: "adam" as const, lr: 0.01 };
        const stop = new AbortController();
        const heard: number[] = [];
        const onStep = (step: number) => {
          heard.push(step);
          if (step === 2) stop.abort();
        };
        // The second fit computes many steps at once.
        await objective.fit(start, { optimiser, steps: 1 });
        const fit = objective.fit(start, { optimiser, steps: Infinity, signal: stop.signal, onStep });
        expect(await fit.catch((e) => e)).to.be.instanceOf(CancelledError);
        expect(heard).to.deep.equal([1, 2]);
      },
    );
  });

  it("computes anew what was lost with the worker", async () => {
    const workers: Worker[] = [];
    const remember = (worker: Worker) => workers.push(worker);
    process.on("worker", remember);
    const own = await loadModel("phantom", { device: "cpu" });
    try {
      const objective = await own.objective({ trainables: [{ kind: "dense", site }], examples: [example(cases[0])] });
      const start = { [denseParameter(site)]: zeros(512, 192) };
      const fit = () => objective.fit(start, { optimiser: { kind: "adam", lr: 0.002 }, steps: 3 });
      const [{ losses }, { loss }] = [await fit(), await objective.evaluate(start)];
      await workers.at(-1)!.terminate();
      expect((await fit()).losses).to.deep.equal(losses);
      expect((await objective.evaluate(start)).loss).to.equal(loss);
      await objective.release();
    } finally {
      process.off("worker", remember);
      await own.dispose();
    }
  });

  it("keeps masks, bounds and anchors of a fit", async () => {
    const name = denseParameter(site);
    const mask = float32(Float32Array.from({ length: 512 * 192 }, (_, i) => i % 2), [512, 192]); // prettier-ignore
    await using([{ kind: "dense", site }], [example(cases[0])], async (objective) => {
      const optimiser = { kind: "adam" as const, lr: 0.01 };
      const { values: bounded } = await objective.fit({ [name]: zeros(512, 192) }, { optimiser, steps: 3, clamp: 0.015, masks: { [name]: mask } }); // prettier-ignore
      const data = bounded[name].data;
      expect(data.every((value, i) => (i % 2 ? Math.abs(value) <= Math.fround(0.015) : value === 0))).to.equal(true);
      expect(data.some((value) => Math.abs(value) > 0.0149)).to.equal(true);
      // A mask of zeros leaves decay alone: one step shrinks the weight itself.
      const weight = model.weight(site);
      const decayed = await objective.fit({ [name]: zeros(512, 192) }, { optimiser: { kind: "adamw", lr: 0.1, weightDecay: 0.5 }, steps: 1, masks: { [name]: zeros(512, 192) }, anchors: { [name]: weight } }); // prettier-ignore
      decayed.values[name].data.forEach((value, i) => expect(value).to.be.closeTo(-0.05 * weight.data[i], 1e-6));
    });
  });

  it("masks the input of a low-rank change: ones are no mask, zeros no change", async () => {
    const at = { [a]: drawn([512, 3], 0.3), [b]: drawn([3, 192], 0.3) };
    const plain = await using([{ kind: "low-rank", site }], [example(cases[0])], (o) => o.evaluate(at));
    const masked = (fill: number) =>
      using([{ kind: "low-rank", site, masked: true }], [example(cases[0])], async (objective) => {
        const dims = [...objective.batch.embeds.dims.slice(0, 2), 512];
        const mask = float32(new Float32Array(dims.reduce((x, y) => x * y)).fill(fill), dims);
        return objective.evaluate({ ...at, [maskParameter(site)]: mask });
      });
    expect((await masked(1)).loss).to.be.closeTo(plain.loss, 1e-5);
    const base = await using([{ kind: "low-rank", site }], [example(cases[0])], (o) => o.evaluate({ [a]: at[a], [b]: zeros(3, 192) })); // prettier-ignore
    expect((await masked(0)).loss).to.be.closeTo(base.loss, 1e-5);
    expect(Math.abs(plain.loss - base.loss)).to.be.greaterThan(0.01);
  });
});
