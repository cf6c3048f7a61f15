import { expect } from "chai";
import { evaluateConfusion } from "../../../../kernels/evaluation/confusion/evaluate-confusion.ts";
import { layouts, ONE_LETTER } from "../../../../kernels/evaluation/confusion/layouts.ts";
import { ConfusionModeError } from "../../../../kernels/evaluation/confusion/modes/mode.ts";
import type { ConfusionEvaluation, ConfusionRow } from "../../../../kernels/evaluation/confusion/result.ts";
import { CancelledError } from "../../../../kernels/errors.ts";
import { EmptySetError } from "../../../../kernels/evaluation/empty-set-error.ts";
import { clopperPearson } from "../../../../kernels/evaluation/statistics/clopper-pearson.ts";
import { withoutRunTimes } from "./without-run-times.ts";
import { type AnswerTable, entry, TableModel } from "../table-model.ts";
import { sidePairs } from "./confusion-pairs.ts";

const pairs = sidePairs(6);

/** A table that says `reply(pair, image)` about every image, whichever way the question is written. */
const says = (reply: (i: number, image: 0 | 1) => string): AnswerTable =>
  Object.fromEntries(
    pairs.flatMap((pair, i) =>
      ([0, 1] as const).flatMap((image) =>
        [pair.question, layouts.plain.write(pair, ONE_LETTER), layouts.plain.write(pair, "")].map((question) => [
          entry({ image: pair.images[image], question }),
          reply(i, image),
        ]),
      ),
    ),
  );

const right = says((i, image) => pairs[i].answers[image]);
const inWords = says((_, image) => (image === 0 ? "left" : "on the right"));

const all = ({ rows }: ConfusionEvaluation, metric: ConfusionRow["metric"]) =>
  rows.find((row) => row.metric === metric && row.category === "All" && row.rule === "official")!;

describe("evaluateConfusion", () => {
  for (const [mode, table] of [
    ["mc", right],
    ["gd", right],
    ["ff", inWords],
    ["ps", inWords],
  ] as const)
    it(`${mode}: a model that is always right has every set and no confusion`, async () => {
      const result = await evaluateConfusion(new TableModel(table), pairs, { mode });
      expect(all(result, "set")).to.include({ value: 1, n: 6 });
      const clusters = new Set(result.pairs.map(({ cluster }) => cluster)).size;
      expect(all(result, "set").ci).to.deep.equal(clopperPearson(clusters, clusters));
      expect(all(result, "individual")).to.deep.include({ value: 1, n: 12 });
      expect(all(result, "confusion").value).to.equal(0);
      expect(all(result, "invalid").value).to.equal(0);
      expect(result.pairAware).to.equal(false);
    });

  it("a model that says one letter has half of the images, no set and full confusion", async () => {
    const result = await evaluateConfusion(new TableModel({ "*": "B" }), pairs, { mode: "mc" });
    expect(all(result, "set").value).to.equal(0);
    expect(all(result, "individual").value).to.equal(0.5);
    expect(all(result, "confusion")).to.include({ value: 1, n: 6 });
    expect(all(result, "precision")).to.include({ value: null, n: 0, ci: null });
  });

  it("what is no choice is counted and wrong", async () => {
    const result = await evaluateConfusion(new TableModel({}), pairs, { mode: "ff" });
    expect(all(result, "invalid")).to.include({ value: 1, n: 12 });
    expect(all(result, "confusion").value).to.equal(null);
  });

  it("an edit in force changes the choices of its view alone", async () => {
    const model = new TableModel(right);
    const edited = model.with({
      id: "to-b",
      editor: "table",
      cases: [],
      interventions: [{ kind: "prefix", text: JSON.stringify({ "*": "B" }) }],
      scope: { kind: "always" },
      provenance: { editor: "table", model: "table-model", seed: 0, options: {} },
    });
    const [before, after, again] = [
      await evaluateConfusion(model, pairs, { mode: "mc" }),
      await evaluateConfusion(edited, pairs, { mode: "mc" }),
      await evaluateConfusion(model, pairs, { mode: "mc" }),
    ];
    expect([all(before, "set").value, all(after, "set").value]).to.deep.equal([1, 0]);
    expect(after.edits).to.deep.equal(["to-b"]);
    expect(after.run.id).not.to.equal(before.run.id);
    expect(withoutRunTimes(again)).to.deep.equal(withoutRunTimes(before));
  });

  it("a judge's points decide free-form replies, and its slips are no choice where they are mended", async () => {
    const options = { mode: "ff", judge: async () => "A: 9/10\nB: 2/10" } as const;
    const mended = await evaluateConfusion(new TableModel(inWords), pairs, options);
    expect(mended.pairs[0].choices).to.deep.equal(["A", "A"]);
    const message = await evaluateConfusion(new TableModel(inWords), pairs, { ...options, variant: "official" }).catch(
      (error: Error) => error.message,
    );
    expect(message).to.match(/judge reply "A: 9\/10/);
  });

  it("numbers of another mode, variant or way of matching are of another group", async () => {
    const group = async (options: Parameters<typeof evaluateConfusion>[2]) =>
      (await evaluateConfusion(new TableModel(right), pairs, options)).comparable_group;
    expect([
      await group({ mode: "mc" }),
      await group({ mode: "mc", variant: "official" }),
      await group({ mode: "ff" }),
      await group({ mode: "ff", judge: async () => "A: 1\nB: 9\nx" }),
    ]).to.deep.equal([
      "pairs.invented.mc.corrected.independent",
      "pairs.invented.mc.official.independent",
      "pairs.invented.ff-match.corrected.independent",
      "pairs.invented.ff.corrected.independent",
    ]);
  });

  it("captions and drafts reach neither the model nor the document", async () => {
    const asked: string[] = [];
    class Spy extends TableModel {
      override async answer(query: Parameters<TableModel["answer"]>[0]) {
        asked.push(JSON.stringify(query));
        return super.answer(query);
      }
      override async score(...args: Parameters<TableModel["score"]>) {
        asked.push(JSON.stringify(args));
        return super.score(...args);
      }
    }
    for (const mode of ["mc", "gd", "ff", "ps"] as const) {
      const document = await evaluateConfusion(new Spy(right), pairs, { mode });
      expect(JSON.stringify(document)).not.to.contain("SECRET");
    }
    expect(asked.length).to.be.above(40);
    expect(asked.join()).not.to.contain("SECRET");
  });

  it("is refused without pairs, where letters take several tokens, and where rows of logits are missing", async () => {
    const model = new TableModel(right);
    const failure = (promise: Promise<unknown>) =>
      promise.then(
        () => undefined,
        (error: Error) => error,
      );
    expect(await failure(evaluateConfusion(model, [], { mode: "mc" }))).to.be.instanceOf(EmptySetError);
    class Spelt extends TableModel {
      override score = (query: Parameters<TableModel["score"]>[0]) => super.score(query, "letter by letter");
    }
    expect(await failure(evaluateConfusion(new Spelt(right), pairs, { mode: "gd" }))).to.be.instanceOf(
      ConfusionModeError,
    );
    const blind = Object.assign(new TableModel(right), { logits: undefined });
    expect(
      await failure(evaluateConfusion(blind as never, pairs, { mode: "ps", variant: "official" })),
    ).to.be.instanceOf(ConfusionModeError);
  });

  it("stops on request and reports every pair", async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const run = evaluateConfusion(new TableModel(right), pairs, {
      mode: "mc",
      signal: controller.signal,
      onProgress: (done) => {
        seen.push(done);
        if (done === 3) controller.abort();
      },
    });
    expect(await run.catch((error: Error) => error)).to.be.instanceOf(CancelledError);
    expect(seen).to.deep.equal([0, 1, 2, 3]);
  });
});
