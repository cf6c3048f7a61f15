import { expect } from "chai";
import fc from "fast-check";
import {
  emptyCodebook,
  type GraceCodebook,
  type GraceInsertOptions,
  insertKey,
  lookUp,
  withValue,
} from "../../../../kernels/editors/memories/grace-codebook.ts";
import { sameAnswer } from "../../../../kernels/editors/memories/label-match.ts";
import type { Variant } from "../../../../kernels/editors/memories/variant.ts";

const [A, B] = [
  [-100, -100, 5, 9],
  [-100, 12],
];
type Step = [key: number[], label: number[]];

/** Inserts keys one after another; each case is called by its number. */
function insertAll(steps: Step[], variant: Variant = "corrected", options: GraceInsertOptions = {}) {
  let codebook: GraceCodebook = emptyCodebook(variant);
  const actions = steps.map(([key, label], i) => {
    const edit = { key: Float32Array.from(key), value: Float32Array.of(i), label, caseId: String(i) };
    const inserted = insertKey(codebook, edit, options);
    codebook = inserted.codebook;
    return inserted.action;
  });
  return { codebook, actions };
}

const labels = fc.constantFrom(A, B, [-100, 6, 8], [-100, -100, -100, 9, 5]);
const steps = fc.array(fc.tuple(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 2, maxLength: 2 }), labels), {
  minLength: 1,
  maxLength: 12,
});
const expands = fc.constantFrom("coverage" as const, "moving-average" as const);

describe("GRACE codebook", () => {
  it("begins, widens, adds, splits and leaves alone by the distance table of keys on a line", () => {
    const { codebook, actions } = insertAll([
      [[0], A], // the first
      [[1.5], A], // within 1 + 1, same label: radius 1.5
      [[4], B], // 4 > 1 + 1.5
      [[1.75], B], // 1.75 from the first, 2.25 from the other: split at 0.875
      [[0.5], A], // inside
    ]);
    expect(actions).to.deep.equal(["init", "expand", "add", "split", "none"]);
    expect(codebook.keys.map((key) => key[0])).to.deep.equal([0, 4, 1.75]);
    expect(codebook.radii).to.deep.equal([0.875 - 1e-5, 1, 0.875]);
    expect(codebook.labels).to.deep.equal([A, B, B]);
    expect(codebook.cases).to.deep.equal([["0", "1", "4"], ["2"], ["3"]]);
  });

  it("counts a key exactly one radius beyond the ball as near", () => {
    const on: Step = [[2], B];
    expect(insertAll([[[0], A], on]).actions[1]).to.equal("split");
    expect(
      insertAll([
        [[0], A],
        [[2.001], B],
      ]).actions[1],
    ).to.equal("add");
  });

  it("moves the key half-way with a moving average", () => {
    const { codebook } = insertAll(
      [
        [[0, 0], A],
        [[1.5, 0], A],
      ],
      "corrected",
      { expand: "moving-average" },
    );
    expect([...codebook.keys[0]]).to.deep.equal([0.75, 0]);
    expect(codebook.radii).to.deep.equal([1.5]);
  });

  it("fires up to the radius, and asks the nearest entry alone", () => {
    const { codebook } = insertAll([
      [[0], A],
      [[1.875], A],
      [[4], B],
    ]);
    expect(codebook.radii).to.deep.equal([1.875, 1]);
    expect(lookUp(codebook, [1.875])).to.deep.include({ entry: 0, fires: true });
    // 2.4 is nearer to 4, whose ball does not reach it.
    expect(lookUp(codebook, [2.4])).to.deep.include({ entry: 1, fires: false });
    expect(lookUp(emptyCodebook(), [0])).to.equal(undefined);
  });

  it("official: takes other answers of one mean for the same, and one answer behind a longer prompt for another", () => {
    const collision: Step[] = [
      [[0], [-100, 5, 9]],
      [[0.5], [-100, 6, 8]],
    ];
    expect(insertAll(collision, "official").actions).to.deep.equal(["init", "none"]);
    expect(insertAll(collision, "corrected").actions).to.deep.equal(["init", "split"]);
    const longer: Step[] = [
      [[0], [-100, 5, 9]],
      [[0.5], [-100, -100, 5, 9]],
    ];
    expect(insertAll(longer, "official").actions).to.deep.equal(["init", "split"]);
    expect(insertAll(longer, "corrected").actions).to.deep.equal(["init", "none"]);
  });

  it("official: compares with the label of another entry once there are two", () => {
    const table: Step[] = [
      [[0], A],
      [[9], B],
      [[0.5], A],
    ];
    expect(insertAll(table, "official").actions).to.deep.equal(["init", "add", "split"]);
    expect(insertAll(table, "official").codebook.labels).to.deep.equal([A, B, A]);
    expect(insertAll(table, "corrected").actions).to.deep.equal(["init", "add", "none"]);
  });

  it("of two edits of one key, corrected lets the later answer; official lets neither", () => {
    const twice: Step[] = [
      [[3], A],
      [[3], B],
    ];
    const [corrected, official] = [insertAll(twice).codebook, insertAll(twice, "official").codebook];
    expect(lookUp(corrected, [3])).to.deep.include({ entry: 1, fires: true });
    expect(official.radii[0]).to.be.lessThan(0);
    expect(lookUp(official, [3])).to.deep.include({ entry: 0, fires: false });
  });

  it("keeps lists aligned and radii at or above zero, and answers every edit with its own label right after it", () => {
    fc.assert(
      fc.property(steps, expands, (given, expand) => {
        let codebook = emptyCodebook();
        const labelOf = new Map<string, number[]>();
        given.forEach(([key, label], i) => {
          const edit = { key: Float32Array.from(key), value: Float32Array.of(i), label, caseId: String(i) };
          const before = structuredClone(codebook);
          const inserted = insertKey(codebook, edit, { expand });
          expect(codebook, "the codebook given").to.deep.equal(before);
          codebook = inserted.codebook;
          labelOf.set(String(i), label);
          const found = lookUp(codebook, key)!;
          expect(found).to.deep.include({ entry: inserted.entry, fires: true });
          expect(sameAnswer(codebook.labels[found.entry], label)).to.equal(true);
        });
        const { keys, values, radii, labels: rows, cases } = codebook;
        expect([values, radii, rows, cases].map((list) => list.length)).to.deep.equal(Array(4).fill(keys.length));
        expect(Math.min(...radii)).to.be.at.least(0);
        expect(cases.flat().sort()).to.deep.equal([...labelOf.keys()].sort());
        cases.forEach((ids, entry) => {
          for (const id of ids) expect(sameAnswer(labelOf.get(id)!, rows[entry]), `label of ${id}`).to.equal(true);
        });
      }),
      { seed: 6, numRuns: 500 },
    );
  });

  it("leaves no overlap between the two entries of a split", () => {
    fc.assert(
      fc.property(steps, (given) => {
        let codebook = emptyCodebook();
        given.forEach(([key, label], i) => {
          const edit = { key: Float32Array.from(key), value: Float32Array.of(i), label, caseId: String(i) };
          const nearest = lookUp(codebook, key);
          const { action, entry, ...rest } = insertKey(codebook, edit);
          codebook = rest.codebook;
          if (action === "split")
            expect(codebook.radii[entry] + codebook.radii[nearest!.entry]).to.be.at.most(nearest!.distance);
        });
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it("can leave balls of other labels overlapping where a third entry is not the nearest; the nearest one still decides", () => {
    // B at 2.2 is far from its nearest entry, A at 4.2, whose ball a split shrank, and its own ball reaches into the wide one of A at 0.
    const { codebook, actions } = insertAll([
      [[0], A],
      [[1.9], A],
      [[4.2], A],
      [[4.4], B],
      [[2.2], B],
    ]);
    expect(actions).to.deep.equal(["init", "expand", "add", "split", "add"]);
    const [wide, added] = [0, 3];
    expect(codebook.radii[wide] + codebook.radii[added]).to.be.greaterThan(2.2);
    expect(lookUp(codebook, [1.5])).to.deep.include({ entry: added, fires: true });
  });

  it("withValue changes one value and nothing else", () => {
    const { codebook } = insertAll([
      [[0], A],
      [[9], B],
    ]);
    const changed = withValue(codebook, 1, Float32Array.of(7));
    expect(changed.values.map((value) => value[0])).to.deep.equal([0, 7]);
    expect(codebook.values.map((value) => value[0])).to.deep.equal([0, 1]);
    expect({ ...changed, values: 0 }).to.deep.equal({ ...codebook, values: 0 });
  });
});
