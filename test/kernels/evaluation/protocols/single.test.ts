import { expect } from "chai";
import { CancelledError } from "../../../../kernels/errors.ts";
import { EmptySetError } from "../../../../kernels/evaluation/empty-set-error.ts";
import { evaluate, type EvaluateOptions } from "../../../../kernels/evaluation/evaluate.ts";
import { EvaluationCancelledError } from "../../../../kernels/evaluation/evaluation-cancelled-error.ts";
import { BaseModelChangedError } from "../../../../kernels/evaluation/verify-base.ts";
import { type Host, setHost } from "../../../../kernels/host.ts";
import { baseTable, tableCases } from "../table-cases.ts";
import { flood, noOp, oracle, tableEditor, TableModel } from "../table-model.ts";

const cases = tableCases(6);
const model = () => new TableModel(baseTable(cases));
const evaluateSingle = async (options: EvaluateOptions) => (await evaluate({ ...options, protocol: "single" })).cases;
const values = async (editor: typeof noOp) =>
  Object.fromEntries(
    (await evaluate({ model: model(), editor, cases })).rows.map(({ metric, profile, value, base }) => [
      `${metric} ${profile}`,
      [value, base],
    ]),
  );

describe("protocol single", () => {
  it("gives an oracle reliability, generality and locality of 1", async () => {
    expect(await values(oracle)).to.deep.equal({
      "reliability tf-token": [1, 0.5],
      "reliability gen-exact": [1, 0],
      "text-generality tf-token": [1, 0.5],
      "text-generality gen-exact": [1, 0],
      "image-locality tf-token": [1, 1],
      "image-locality gen-exact": [1, 1],
      "text-image-locality tf-token": [1, 1],
      "text-image-locality gen-exact": [1, 1],
    });
  });

  it("gives an editor that changes nothing the base rate, and locality of exactly 1", async () => {
    const got = await values(noOp);
    for (const [value, base] of Object.values(got)) expect(value).to.equal(base);
    expect(got["image-locality gen-exact"]).to.deep.equal([1, 1]);
    expect(got["reliability gen-exact"]).to.deep.equal([0, 0]);
  });

  it("shows that an editor which floods the model destroys locality", async () => {
    const got = await values(flood);
    expect(got["reliability gen-exact"][0]).to.equal(1);
    expect(got["image-locality gen-exact"]).to.deep.equal([0, 1]);
    // The flood says "right lung": of the three positions of the reference answer, the last (nothing said) is unchanged.
    expect(got["image-locality tf-token"][0]).to.be.closeTo(1 / 3, 1e-12);
  });

  it("records the answer before, the target, the image id and where the edit came from", async () => {
    const [first] = await evaluateSingle({ model: model(), editor: oracle, cases, seed: 4 });
    expect({ ...first, probes: first.probes.length, edit_ms: first.edit_ms >= 0 }).to.deep.equal({
      id: "table-0",
      image: "own0.jpg",
      question: cases[0].question,
      answer: "left lung",
      target: "right lung",
      probes: 4,
      edit_ms: true,
      edit: { editor: "oracle", model: "table-model", seed: 4, options: {} },
    });
  });

  it("edits every case on the base model, never on an edited one", async () => {
    const inForce: number[] = [];
    const watching = {
      ...oracle,
      edit: ((target, ...rest) => (
        inForce.push(target.edits.length),
        oracle.edit(target, ...rest)
      )) as typeof oracle.edit,
    };
    await evaluateSingle({ model: model(), editor: watching, cases });
    expect(inForce).to.deep.equal([0, 0, 0, 0, 0, 0]);
  });

  it("offers the other cases as demonstrations unless told otherwise", async () => {
    const offered: (number | undefined)[] = [];
    const watching = {
      ...noOp,
      edit: ((m, c, context) => (offered.push(context?.corpus?.length), noOp.edit(m, c, context))) as typeof noOp.edit,
    };
    await evaluateSingle({ model: model(), editor: watching, cases: cases.slice(0, 1) });
    await evaluateSingle({ model: model(), editor: watching, cases: cases.slice(0, 1), corpus: cases });
    expect(offered).to.deep.equal([1, 6]);
  });

  it("gives the same result for a case alone as among others", async () => {
    const together = await evaluateSingle({ model: model(), editor: oracle, cases });
    const [alone] = await evaluateSingle({ model: model(), editor: oracle, cases: [cases[3]] });
    expect({ ...alone, edit_ms: 0 }).to.deep.equal({ ...together[3], edit_ms: 0 });
  });

  it("notices when the base model was changed, even by the last bit", async () => {
    const damaged = model();
    const vandal = tableEditor("vandal", () => ((damaged.drift = 2 ** -52), {}));
    let error: unknown;
    await evaluateSingle({ model: damaged, editor: vandal, cases }).catch((e) => (error = e));
    expect(error).to.be.instanceOf(BaseModelChangedError);
    expect((error as Error).message).to.contain('internal: model "table-model"');
  });

  it("keeps the finished cases when it is cancelled in the middle of one", async () => {
    const controller = new AbortController();
    let edits = 0;
    const stopping = tableEditor("stopping", () => (++edits === 4 && controller.abort(), {}));
    let error: unknown;
    await evaluateSingle({ model: model(), editor: stopping, cases, signal: controller.signal }).catch(
      (e) => (error = e),
    );
    expect(error).to.be.instanceOf(EvaluationCancelledError).and.to.be.instanceOf(CancelledError);
    expect((error as EvaluationCancelledError).finished.map(({ id }) => id)).to.deep.equal([
      "table-0",
      "table-1",
      "table-2",
    ]);
    expect((error as Error).message).to.match(
      /^stopping on table-model: stopped after 3 of 6 cases, none of which is kept\. Run it again to start over; .*--store DIR/,
    );
  });

  it("passes an editor's own failure on unchanged", async () => {
    const broken = tableEditor("broken", () => {
      throw new RangeError("out of range");
    });
    let error: unknown;
    await evaluateSingle({ model: model(), editor: broken, cases }).catch((e) => (error = e));
    expect(error).to.be.instanceOf(RangeError);
  });

  it("refuses an empty list of cases", async () => {
    let error: unknown;
    await evaluateSingle({ model: model(), editor: noOp, cases: [] }).catch((e) => (error = e));
    expect(error).to.be.instanceOf(EmptySetError);
  });

  it("asks the base and the edited model once per probe, and nothing twice", async () => {
    const counted = model();
    await evaluateSingle({ model: counted, editor: oracle, cases });
    const probes = cases.flatMap((each) => each.probes);
    const kept = probes.filter(({ expect }) => "unchanged" in expect).length;
    // Scores: base and edited once per probe; the base's own answer where it must stay; the first case twice more for the bit-for-bit check.
    const score = 2 * probes.length + 2 * kept + 2 * cases[0].probes.length;
    expect(counted.calls).to.deep.equal({ answer: 2 * probes.length, score });
  });

  describe("inside a notebook cell", () => {
    const lines: string[] = [];
    const controller = new AbortController();
    const host: Host = {
      signal: controller.signal,
      progress: (label, done, total) => void lines.push(`${label} ${done}/${total}`),
      device: () => {},
    };
    before(() => setHost(host));
    after(() => setHost(undefined as unknown as Host));

    it("shows its progress there and stops with the cell", async () => {
      await evaluateSingle({ model: model(), editor: noOp, cases: cases.slice(0, 2) });
      expect([...new Set(lines)]).to.deep.equal([
        "no-op: single edits 0/2",
        "no-op: single edits 1/2",
        "no-op: single edits 2/2",
      ]);
      // A line before every edit and every probe of the edited model.
      expect(lines).to.have.length(2 + cases[0].probes.length + cases[1].probes.length + 1);
      controller.abort();
      let error: unknown;
      await evaluateSingle({ model: model(), editor: noOp, cases }).catch((e) => (error = e));
      expect(error).to.be.instanceOf(EvaluationCancelledError);
    });
  });
});
