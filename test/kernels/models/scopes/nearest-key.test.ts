import { expect } from "chai";
import fc from "fast-check";
import { emptyCodebook, insertKey, lookUp } from "../../../../kernels/editors/memories/grace-codebook.ts";
import { emptyTable, insertPoint, meloBlock } from "../../../../kernels/editors/memories/melo-clusters.ts";
import { keyScope } from "../../../../kernels/editors/routed/codebook-edit.ts";
import { meloEdit } from "../../../../kernels/editors/routed/melo-edit.ts";
import type { ScopeProbe } from "../../../../kernels/models/scopes/decide.ts";
import { byNearestKey } from "../../../../kernels/models/scopes/nearest-key.ts";
import type { NearestKeyScope } from "../../../../kernels/models/scopes/scope.ts";
import { float32 } from "../../../../kernels/tensor.ts";

/** A prompt of two tokens whose last has this key. */
const asked = (...key: number[]): ScopeProbe => ({
  query: { question: "asked" },
  encoder: () => Promise.reject(new Error("keys need no encoder")),
  states: async (taps) => {
    expect(taps).to.deep.equal([{ site: "here", of: "input" }]);
    return [float32([...key.map(() => 99), ...key], [2, key.length])];
  },
});

const scope = (keys: number[][], radii: number[], more: Partial<NearestKeyScope> = {}): NearestKeyScope => ({
  kind: "nearest-key",
  site: "here",
  keys: float32(keys.flat(), [keys.length, keys[0]?.length ?? 0]),
  radii,
  cases: keys.map((_, i) => [`case-${i}`]),
  ...more,
});

describe("nearest-key scope", () => {
  it("reads the last token of the prompt, and fires with the nearest entry up to its radius", async () => {
    const two = scope([[0, 0], [10, 0]], [1, 5]); // prettier-ignore
    expect(await byNearestKey(two, asked(7, 4))).to.include({ fires: true, entry: 1, case: "case-1", score: 5 });
    expect(await byNearestKey(two, asked(7, 4.01))).to.include({ fires: false, entry: 1, threshold: 5 });
  });

  it("asks the nearest entry alone, even where another one's ball is wide enough", async () => {
    const wide = scope([[0, 0], [10, 0]], [100, 1]); // prettier-ignore
    expect(await byNearestKey(wide, asked(7, 0))).to.include({ fires: false, entry: 1 });
  });

  it("takes the last of equally near keys, or the first where that is asked for", async () => {
    const keys = [[1, 1], [1, 1]]; // prettier-ignore
    expect(await byNearestKey(scope(keys, [0, 0]), asked(1, 1))).to.include({ fires: true, entry: 1 });
    expect(await byNearestKey(scope(keys, [0, 0], { ties: "first" }), asked(1, 1))).to.include({ entry: 0 });
  });

  it("names all cases of an entry that serves several", async () => {
    const found = await byNearestKey(scope([[0, 0]], [1], { cases: [["a", "b"]] }), asked(0, 0));
    expect(found.cases).to.deep.equal(["a", "b"]);
    expect(found).to.not.have.property("case");
  });

  it("fires nowhere while the codebook is empty", async () => {
    expect(await byNearestKey(scope([], []), asked(0, 0))).to.include({ fires: false, why: "the codebook is empty" });
  });

  it("fires nowhere where the edits of a ball were pushed out of it", async () => {
    const points = { keys: float32([0, 0], [1, 2]), balls: [0], entries: [null], cases: [[]] };
    expect(await byNearestKey(scope([[0, 0]], [1], { points }), asked(0, 0))).to.include({ fires: false });
  });

  const vector = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 2, maxLength: 2 });
  const label = fc.constantFrom([5, 9], [9, 5], [12]);
  const facts = fc.array(fc.tuple(vector, label), { minLength: 1, maxLength: 10 });
  const variants = fc.constantFrom("official" as const, "corrected" as const);

  it("decides as GRACE's codebook does, whatever was inserted", async () => {
    await fc.assert(
      fc.asyncProperty(facts, vector, variants, async (inserted, query, variant) => {
        let book = emptyCodebook(variant);
        inserted.forEach(([key, ids], i) => {
          const edit = { key: Float32Array.from(key), value: Float32Array.of(i), label: ids, caseId: `${i}` };
          book = insertKey(book, edit).codebook;
        });
        const decision = await byNearestKey(keyScope("here", book.keys, book.radii, book.cases, variant), asked(...query)); // prettier-ignore
        const wanted = lookUp(book, query)!;
        expect([decision.fires, decision.entry, decision.score]).to.deep.equal([wanted.fires, wanted.entry, wanted.distance]); // prettier-ignore
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("chooses the block that MELO's clusters choose, whatever was inserted", async () => {
    await fc.assert(
      fc.asyncProperty(facts, vector, variants, async (inserted, query, variant) => {
        let table = emptyTable(variant);
        const cases = new Map<Float32Array, string>();
        inserted.forEach(([at, ids], block) => {
          const key = Float32Array.from(at);
          cases.set(key, `${block}`);
          table = insertPoint(table, { key, block, label: ids }, { radius: 1 }).table;
        });
        const decision = await byNearestKey(meloEdit({ table, blocks: [], cases }, "here").scope, asked(...query));
        const wanted = meloBlock(table, query);
        expect(decision.fires ? decision.entry : null).to.equal(wanted);
        if (wanted !== null) expect(decision.case).to.equal(`${wanted}`);
      }),
      { seed: 2, numRuns: 200 },
    );
  });
});
