import { expect } from "chai";
import { recallMarkdown, recallTable } from "../../../../kernels/commands/train-phantom/recall-table.ts";
import type { Found } from "../../../../kernels/models/phantom/retrieval/exam/found.ts";

const look = (group: Found["group"], cluster: string, rank: number, candidates: number): Found => ({
  group,
  cluster,
  rank,
  candidates,
});

describe("the recall table", () => {
  const found = [
    ...[0, 0, 3, 7].map((rank, i) => look("caption", `scene ${i}`, rank, 200)),
    ...[0, 1].map((rank, i) => look("caption-changed", `scene ${i}`, rank, 2)),
  ];

  it("gives recall at 1 and 5 beside chance, and only depths that leave a choice", () => {
    const [caption, changed] = recallTable(found);
    expect(caption.recall.map(({ k, share, chance }) => [k, share, chance])).to.deep.equal([
      [1, 0.5, 0.005],
      [5, 0.75, 0.025],
    ]);
    expect(changed.recall.map(({ k, share, chance }) => [k, share, chance])).to.deep.equal([[1, 0.5, 0.5]]);
    expect([caption.n, changed.n]).to.deep.equal([4, 2]);
  });

  it("resamples things, not look-ups: one scene says nothing about the spread", () => {
    const one = recallTable([0, 1].map((rank) => look("image", "scene 1", rank, 200)));
    expect(one[0].recall[0].interval).to.deep.equal([0.5, 0.5]);
  });

  it("is written with a column for every figure", () => {
    const lines = recallMarkdown(recallTable(found)).split("\n");
    expect(lines).to.have.length(4);
    expect(new Set(lines.map((line) => line.split("|").length)).size).to.equal(1);
    expect(lines[2]).to.include("image to caption").and.include("0.750").and.include("0.005");
  });
});
