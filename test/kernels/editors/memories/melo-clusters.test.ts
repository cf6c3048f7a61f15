import { expect } from "chai";
import fc from "fast-check";
import {
  emptyTable,
  insertPoint,
  meloBlock,
  type MeloTable,
  nearestCluster,
} from "../../../../kernels/editors/memories/melo-clusters.ts";
import type { Variant } from "../../../../kernels/editors/memories/variant.ts";

const [A, B] = [
  [-100, 5, 9],
  [-100, 12],
];
type Step = [key: number[], label: number[]];

/** Inserts points one after another; the block of each is its number. */
function insertAll(steps: Step[], variant: Variant = "corrected") {
  let table: MeloTable = emptyTable(variant);
  const results = steps.map(([key, label], block) => {
    const inserted = insertPoint(table, { key: Float32Array.from(key), block, label });
    table = inserted.table;
    return inserted;
  });
  return { table, actions: results.map(({ action }) => action), last: results.at(-1)! };
}

const blocks = (table: MeloTable) => table.clusters.map(({ points }) => points.map(({ block }) => block));
const radii = (table: MeloTable) => table.clusters.map(({ radius }) => radius);

describe("MELO clusters", () => {
  it("begins, joins, adds and splits by the distance table of keys on a line", () => {
    const { table, actions, last } = insertAll([
      [[0], A], // the first
      [[1], A], // 1 <= 0.5 + 0.5, same label: centre 0.5, radius 0.5
      [[3.5], B], // 3 > 0.5 + 0.5
      [[3.25], B], // 0.25: joins, centre 3.375, radius stays 0.5
      [[1.25], B], // 0.75 from the first cluster, other label: both get about 0.375, and the points at 0.5 are out
    ]);
    expect(actions).to.deep.equal(["init", "join", "add", "join", "split"]);
    expect(table.clusters.map(({ centre }) => centre[0])).to.deep.equal([0.5, 3.375, 1.25]);
    expect(radii(table)).to.deep.equal([0.375 - 1e-5, 0.5, 0.375 + 1e-5]);
    expect(blocks(table)).to.deep.equal([[null], [2, 3], [4]]);
    expect(last.cluster).to.equal(2);
    expect(last.forgotten.map((key) => key[0])).to.deep.equal([0, 1]);
  });

  it("widens a cluster to its farthest point", () => {
    // Centres 0, 0.5, then (0 + 1 + 1.5) / 3; the point at 0 is farthest from the last.
    const { table } = insertAll([
      [[0], A],
      [[1], A],
      [[1.5], A],
    ]);
    expect(radii(table)[0]).to.be.closeTo(2.5 / 3, 1e-6);
  });

  it("answers inside a ball with the block of the nearest point, and with none outside every ball or where a split emptied it", () => {
    const { table } = insertAll([
      [[0], A],
      [[1], A],
      [[3.5], B],
    ]);
    expect(meloBlock(table, [0.2])).to.equal(0);
    expect(meloBlock(table, [0.8])).to.equal(1);
    expect(meloBlock(table, [3.9])).to.equal(2);
    expect(meloBlock(table, [2.1])).to.equal(null);
    expect(meloBlock(emptyTable(), [0])).to.equal(null);
    const emptied = insertAll([
      [[0], A],
      [[1], A],
      [[1.25], B],
    ]).table;
    expect(nearestCluster(emptied, [0.5])!.fires).to.equal(true);
    expect(meloBlock(emptied, [0.5])).to.equal(null);
  });

  it("counts a centre that stands in for lost points as no edit when it is lost itself", () => {
    // The first three empty a cluster at 0.5; a point joins it at 0.25, and the last splits it so that both are outside.
    const { actions, last } = insertAll([
      [[0], A],
      [[1], A],
      [[1.25], B],
      [[0.25], A],
      [[0.4], B],
    ]);
    expect(actions).to.deep.equal(["init", "join", "split", "join", "split"]);
    expect(last.forgotten.map((key) => key[0])).to.deep.equal([0.25]);
  });

  it("official: takes other answers of one sum for the same", () => {
    const collision: Step[] = [
      [[0], [-100, 5, 9]],
      [[0.4], [-100, 14]],
    ];
    expect(insertAll(collision, "official").actions).to.deep.equal(["init", "join"]);
    expect(insertAll(collision, "corrected").actions).to.deep.equal(["init", "split"]);
  });

  it("of two edits of one key, corrected lets the later answer; official lets neither", () => {
    const twice: Step[] = [
      [[3], A],
      [[3], B],
    ];
    expect(meloBlock(insertAll(twice).table, [3])).to.equal(1);
    expect(radii(insertAll(twice, "official").table)[0]).to.be.lessThan(0);
    expect(meloBlock(insertAll(twice, "official").table, [3])).to.equal(null);
  });

  it("loses no point without saying so, mixes no labels, keeps radii at or above zero and points inside their ball", () => {
    const label = fc.constantFrom(A, B, [-100, 14]);
    const key = fc
      .array(fc.integer({ min: -6, max: 6 }), { minLength: 2, maxLength: 2 })
      .map((k) => k.map((x) => x / 4));
    fc.assert(
      fc.property(fc.array(fc.tuple(key, label), { minLength: 1, maxLength: 14 }), (steps) => {
        let table = emptyTable();
        let forgotten = 0;
        steps.forEach(([at, row], block) => {
          const before = structuredClone(table);
          const inserted = insertPoint(table, { key: Float32Array.from(at), block, label: row });
          expect(table, "the table given").to.deep.equal(before);
          table = inserted.table;
          forgotten += inserted.forgotten.length;
          expect(table.clusters[inserted.cluster].points.at(-1)!.block).to.equal(block);
        });
        const held = blocks(table)
          .flat()
          .filter((block) => block !== null);
        expect(held.length + forgotten).to.equal(steps.length);
        expect(new Set(held).size).to.equal(held.length);
        expect(Math.min(...radii(table))).to.be.at.least(0);
        for (const { label: row, points } of table.clusters)
          for (const { block } of points) if (block !== null) expect(steps[block][1]).to.deep.equal(row);
        for (const { centre, radius, points } of table.clusters)
          for (const point of points)
            expect(Math.hypot(...point.key.map((x, i) => x - centre[i]))).to.be.at.most(radius + 1e-6);
      }),
      { seed: 6, numRuns: 400 },
    );
  });
});
