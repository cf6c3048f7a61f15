import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { balancEdit } from "../../../kernels/editors/balancedit.ts";
import { grace } from "../../../kernels/editors/grace.ts";
import { makeEdit } from "../../../kernels/editors/make-edit.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import { ActiveEdits } from "../../../kernels/models/active-edits.ts";
import { CancelledError } from "../../../kernels/errors.ts";
import { EditMismatchError } from "../../../kernels/models/combine-edits.ts";
import type { Edit, Intervention } from "../../../kernels/models/edit.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import type { Query } from "../../../kernels/models/model.ts";
import type { ScopeProbe } from "../../../kernels/models/scopes/decide.ts";
import type { NearestKeyScope, Scope } from "../../../kernels/models/scopes/scope.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { random } from "../../../kernels/random.ts";
import { float32 } from "../../../kernels/tensor.ts";

const SITE = "layers.3.mlp.down_proj";
const [IN, OUT] = [512, 192];

const made = (interventions: Intervention[], more: { scope?: Scope; supersedes?: string[] } = {}): Edit =>
  makeEdit([], interventions, { editor: "test", model: "phantom", seed: 0, options: {} }, more);

/** Small seeded numbers. */
const noise = (length: number, scale: number, seed: number) => {
  const { between } = random(seed);
  return Float32Array.from({ length }, () => between(-scale, scale));
};
const changed = (seed: number): Intervention => ({
  kind: "dense",
  site: SITE,
  delta: float32(noise(IN * OUT, 0.5, seed), [IN, OUT]),
});
const replaced = (seed: number, entry: number): Intervention => ({
  kind: "replace",
  site: SITE,
  value: float32(noise(OUT, 60, seed), [OUT]),
  entry,
});

describe("edits that act on some queries", () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  let keys: Float32Array[];
  before(async () => {
    model = await loadModel("phantom", { device: "cpu" });
    cases = (await loadCases("phantom/medmkeb", { model, limit: 4 })).cases;
    keys = [];
    for (const each of cases) keys.push(await keyOf(model, each));
  });
  after(() => model?.dispose());

  const keyOf = async (asked: VisionLanguageModel, { image, question }: Query) => {
    const [{ data, dims }] = (await asked.states({ image, question }, [{ site: SITE, of: "input" }])).values;
    return data.slice((dims[0] - 1) * dims[1]);
  };
  /** A codebook over the first cases. */
  const book = (count: number, radius = 1): Scope => ({
    kind: "nearest-key",
    site: SITE,
    keys: float32(keys.slice(0, count).flatMap((key) => [...key]), [count, IN]), // prettier-ignore
    radii: keys.slice(0, count).map(() => radius),
    cases: cases.slice(0, count).map(({ id }) => [id]),
  });
  const bits = async (asked: VisionLanguageModel, query: Query, answer: string) => {
    const { data } = await asked.logits(query, answer);
    return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex");
  };

  it("leave the base model's logits bit for bit where they do not fire, and what it says", async () => {
    const view = model.with(made([replaced(1, 0), replaced(2, 1)], { scope: book(2) }));
    expect(await bits(view, cases[0], cases[0].target)).to.not.equal(await bits(model, cases[0], cases[0].target));
    for (const other of cases.slice(2)) {
      expect((await view.route(other))!.fires).to.equal(false);
      expect(await bits(view, other, other.target)).to.equal(await bits(model, other, other.target));
      expect(await view.answer(other)).to.equal(await model.answer(other));
    }
  });

  // Trained to say a word: what noise makes a model say need not be what its tokens would be read from.
  for (const [name, editor] of [
    ["replaced values", grace()],
    ["low-rank changes", balancEdit()],
  ] as const)
    // prettier-ignore
    it(`act alike in generation and under teacher forcing: ${name}`, async () => {
      for (const fact of cases.slice(0, 2)) {
        const view = model.with(await editor.edit(model, [fact]));
        const said = await view.answer(fact);
        expect(said).to.equal(fact.target).and.to.not.equal(await model.answer(fact));
        const { ids, argmax } = await view.score(fact, said);
        expect(argmax).to.deep.equal(ids);
      }
    });

  it("act with the interventions of the entry that was chosen, and with those of none in particular", async () => {
    const both = model.with(made([replaced(1, 0), replaced(2, 1), changed(3)], { scope: book(2) }));
    const second = model.with(made([{ ...replaced(2, 1), entry: undefined }, changed(3)]));
    expect(await both.score(cases[1], cases[1].target)).to.deep.equal(await second.score(cases[1], cases[1].target));
    expect(await both.route(cases[1])).to.include({ fires: true, entry: 1, case: cases[1].id });
  });

  it("see the model with the edits that always act, but without each other", async () => {
    const always = made([{ kind: "dense", site: "layers.1.mlp.down_proj", delta: float32(noise(IN * OUT, 0.2, 4), [IN, OUT]) }]); // prettier-ignore
    const routed = made([replaced(1, 0)], { scope: book(1) });
    const distance = async (...edits: Edit[]) => (await model.with(...edits).route(cases[0]))!.score;
    expect(await distance(routed)).to.equal(0);
    const moved = await distance(routed, always);
    expect(moved).to.be.greaterThan(0);
    expect(await distance(always, routed)).to.equal(moved);
    const other = made([replaced(5, 0)], { scope: { ...book(1, 1000), site: "layers.4.mlp.down_proj" } as Scope });
    expect(await distance(other)).to.be.greaterThan(1);
    expect(await distance(other)).to.equal(await distance(routed, other));
  });

  it("are replaced by an edit that contains them, which dropping brings back", async () => {
    const first = made([replaced(1, 0)], { scope: book(1) });
    const second = made([replaced(2, 0)], { scope: book(1), supersedes: [first.id] });
    const score = (...edits: Edit[]) => model.with(...edits).score(cases[0], cases[0].target);
    expect(await score(first, second)).to.deep.equal(await score(second));
    expect(await score(first)).to.not.deep.equal(await score(second));
    expect(await score(second, made([], { supersedes: [second.id] }))).to.deep.equal(await score());
  });

  it("have keys that another image moves", async () => {
    const probe = cases[0].probes.find(({ kind, question }) => kind === "image-locality" && question === cases[0].question)!; // prettier-ignore
    const view = model.with(made([replaced(1, 0)], { scope: book(1) }));
    expect((await view.route(cases[0]))!.score).to.equal(0);
    const decision = (await view.route(probe))!;
    expect(decision.score).to.be.greaterThan(1);
    expect(decision.fires).to.equal(false);
  });

  it("ask their scopes once a query, while it is asked again and again", async () => {
    let asked = 0;
    const probe = (query: Query): ScopeProbe => ({
      query,
      encoder: () => Promise.reject(new Error("not asked for")),
      states: async () => {
        asked++;
        return [float32(keys[0], [1, IN])];
      },
    });
    const active = new ActiveEdits([made([replaced(1, 0)], { scope: book(1) })], model.sites);
    const [one, again] = [await active.on({ question: "a" }, probe), await active.on({ question: "a" }, probe)];
    expect(asked).to.equal(1);
    expect(again).to.deep.equal(one);
    // Equal combinations are one object, so that what hangs on it is made once.
    expect((await active.on({ question: "b" }, probe)).edits).to.equal(one.edits);
    expect(asked).to.equal(2);
  });

  it("go on deciding for those who still wait when the one who asked first is stopped, and stop with the last", async () => {
    const active = new ActiveEdits([made([replaced(1, 0)], { scope: book(1) })], model.sites);
    const shared: AbortSignal[] = [];
    let answer = () => {};
    const probe = (query: Query, signal: AbortSignal): ScopeProbe => ({
      query,
      encoder: () => Promise.reject(new Error("not asked for")),
      states: () => {
        shared.push(signal);
        return new Promise((resolve, reject) => {
          answer = () => resolve([float32(keys[0], [1, IN])]);
          signal.addEventListener("abort", () => reject(new CancelledError("stopped")));
        });
      },
    });
    const ask = (signal?: AbortSignal) => active.on({ question: "a" }, probe, signal).catch((error) => error);
    const [early, late] = [new AbortController(), new AbortController()];
    const [first, second] = [ask(early.signal), ask(late.signal)];
    early.abort();
    expect(await first).to.be.instanceOf(CancelledError);
    answer();
    expect((await second).decisions[0]).to.include({ fires: true });
    // What was decided stays so, whoever is stopped afterwards.
    late.abort();
    expect((await ask()).decisions[0]).to.include({ fires: true });
    expect(shared.map(({ aborted }) => aborted)).to.deep.equal([false]);

    const other = (signal: AbortSignal) => active.on({ question: "b" }, probe, signal).catch((error) => error);
    const [one, two] = [new AbortController(), new AbortController()];
    const both = [other(one.signal), other(two.signal)];
    one.abort();
    two.abort();
    for (const each of both) expect(await each).to.be.instanceOf(CancelledError);
    // A new asker begins anew.
    const third = other(new AbortController().signal);
    expect(shared.map(({ aborted }) => aborted)).to.deep.equal([false, true, false]);
    answer();
    expect((await third).decisions[0]).to.include({ fires: true });
    expect((await other(new AbortController().signal)).decisions[0]).to.include({ fires: true });
    expect(shared).to.have.length(3);
  });

  it("are asked again after a scope failed", async () => {
    const active = new ActiveEdits([made([replaced(1, 0)], { scope: book(1) })], model.sites);
    let working = false;
    const probe = (query: Query): ScopeProbe => ({
      query,
      encoder: () => Promise.reject(new Error("not asked for")),
      states: () => (working ? Promise.resolve([float32(keys[0], [1, IN])]) : Promise.reject(new Error("stopped"))),
    });
    const failed = await active.on({ question: "a" }, probe).catch((error) => error);
    expect(failed).to.have.property("message", "stopped");
    working = true;
    expect((await active.on({ question: "a" }, probe)).decisions[0].fires).to.equal(true);
  });

  it("are refused where their scope does not fit the model: its site, or how wide and how many its keys are", () => {
    const refused = (scope: Scope, why: string) =>
      expect(() => model.with(made([], { scope })), why).to.throw(EditMismatchError, why);
    const fits = book(2) as NearestKeyScope;
    expect(() => model.with(made([], { scope: fits }))).to.not.throw();
    refused({ ...fits, site: "layers.9.mlp.down_proj" }, 'asks site "layers.9.mlp.down_proj"');
    // As wide as the output of the site.
    const narrow = float32(new Float32Array(2 * OUT), [2, OUT]);
    refused({ ...fits, keys: narrow }, `at ${SITE} are float32 [2,${OUT}], where float32 [2, ${IN}] are needed`);
    refused({ ...fits, radii: [1] }, "has 1 entries and 2 lists of cases");
    const points = { keys: fits.keys, balls: [0, 1], entries: [0, 1], cases: fits.cases };
    expect(() => model.with(made([], { scope: { ...fits, points } }))).to.not.throw();
    refused({ ...fits, points: { ...points, keys: narrow } }, `of its points at ${SITE}`);
    refused({ ...fits, points: { ...points, entries: [0] } }, "2 entries and 1 points' entries");
    refused({ kind: "activation", site: SITE, thresholds: [1], cases: [] }, "has 1 entries and 0 lists");
    refused({ kind: "activation", site: "nowhere", thresholds: [], cases: [] }, 'asks site "nowhere"');
    const text = {
      kind: "nearest-text",
      encoder: "phantom",
      keys: fits.keys,
      threshold: 0.5,
      cases: ["a", "b"],
    } as const;
    refused(text as unknown as Scope, 'does not say which sentence encoder "phantom" was');
    refused({ ...text, encoderDigest: "0", cases: ["a"] }, "where float32 [1, width] are needed");
    refused({ kind: "sometimes" } as unknown as Scope, 'knows no scope "sometimes"');
  });

  it("are refused on another model, whether they would act or not", () => {
    const elsewhere = made([{ ...replaced(1, 0), site: "layers.9.mlp.down_proj" } as Intervention], { scope: book(1) });
    expect(() => model.with(elsewhere)).to.throw(EditMismatchError, 'no site "layers.9.mlp.down_proj"');
  });
});
