import { expect } from "chai";
import {
  emptyWiseMemory,
  mergeIntoOne,
  mergeNewest,
  recordEdit,
  WiseIntervalError,
  type WiseMemoryOptions,
} from "../../../../kernels/editors/memories/wise-memory.ts";
import { wiseMerge } from "../../../../kernels/editors/memories/wise-merge.ts";

const base = Float32Array.of(0, 0, 0, 0);
const weight = (k: number) => Float32Array.of(k, -k, k / 2, 0);
const merge = { density: 1 };

/** Records `count` edits with the activations 10, 9, 8 and so on. */
function record(count: number, options: WiseMemoryOptions) {
  let memory = emptyWiseMemory(base);
  for (let i = 1; i <= count; i++)
    memory = recordEdit(memory, { weight: weight(i), activation: 11 - i, caseId: `case ${i}` }, base, options);
  return memory;
}

describe("WISE memory", () => {
  it("keeps editing one copy until it is full, with the smallest activation", () => {
    const { current, shards, edits } = record(3, { saveEvery: 4, mergeEvery: 8 });
    expect(shards).to.deep.equal([]);
    expect(edits).to.equal(3);
    expect(current).to.deep.equal({ weight: weight(3), minActivation: 8, cases: ["case 1", "case 2", "case 3"] });
  });

  it("puts a full copy by and begins again from the model's weight, which never fires", () => {
    const { current, shards } = record(5, { saveEvery: 2, mergeEvery: 100 });
    expect(shards.map(({ minActivation }) => minActivation)).to.deep.equal([9, 7]);
    expect(shards.map((shard) => shard.weight)).to.deep.equal([weight(2), weight(4)]);
    expect(current.cases).to.deep.equal(["case 5"]);
    const { current: begun } = record(4, { saveEvery: 2, mergeEvery: 100 });
    expect(begun).to.deep.equal({ weight: base, minActivation: Infinity, cases: [] });
  });

  it("merges the newest shards at the second interval, and keeps every case once", () => {
    const { shards } = record(8, { saveEvery: 2, mergeEvery: 4, merge });
    expect(shards.map(({ minActivation }) => minActivation)).to.deep.equal([7, 3]);
    expect(shards[0].weight).to.deep.equal(wiseMerge(base, [weight(2), weight(4)], merge));
    expect(shards.flatMap(({ cases }) => cases)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8].map((i) => `case ${i}`));
  });

  it("refuses intervals that would lose edits", () =>
    expect(() => record(1, { saveEvery: 4, mergeEvery: 6 })).to.throw(
      WiseIntervalError,
      /mergeEvery is 6 and saveEvery 4/,
    ));

  it("leaves older shards alone, and refuses to merge more than there are", () => {
    const shards = [1, 2, 3].map((k) => ({ weight: weight(k), minActivation: k, cases: [`case ${k}`] }));
    const [old, one] = mergeNewest(shards, base, 2, { merge });
    expect(old).to.equal(shards[0]);
    expect(one).to.deep.equal({ weight: weight(2.5), minActivation: 2, cases: ["case 2", "case 3"] });
    expect(() => mergeNewest(shards, base, 4)).to.throw(/4 of 3 shards/);
  });

  it("merges all into one; what was merged before weighs 0.6 to 0.4", () => {
    const shards = [1, 3].map((k) => ({ weight: weight(k), minActivation: k, cases: [] }));
    expect(mergeIntoOne(shards, undefined, base, { merge })).to.deep.equal(weight(2));
    const again = mergeIntoOne(shards, weight(10), base, { merge });
    [...again].forEach((value, i) => expect(value).to.be.closeTo(weight(0.4 * 2 + 0.6 * 10)[i], 1e-6));
  });
});
