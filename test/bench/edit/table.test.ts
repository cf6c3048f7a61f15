import { expect } from "chai";
import { floorOf } from "./floor-of.ts";
import type { EditorResult, MeasuredEdit } from "./result.ts";
import { leftOut } from "./subjects.ts";
import { rowOf, tableLines } from "./table.ts";

const edit = (seconds: number, floor: number, forward: number): MeasuredEdit => ({
  ...{ seconds, cpu: 2 * seconds, forward, backward: forward - 1 },
  ...{ floor, cpuFloor: 2.5 * floor, decoder: floor, other: seconds / 10, graphs: [] },
});

const result = (given: Partial<EditorResult>): EditorResult => ({
  ...{ model: "phantom", editor: "ft-l", options: {}, tokens: 40, warmUp: 1.5, loaded: 400.4, peak: 512.6 },
  edits: [edit(0.3, 0.2, 26), edit(0.1, 0.1, 11), edit(0.2, 0.1, 26)],
  ...given,
});

describe("table of the edit benchmark", () => {
  it("takes the median of times, the mean of passes, and one ratio over all edits", () => {
    const row = rowOf(result({}));
    expect([row.median, row.min, row.max, row.edits]).to.deep.equal([0.2, 0.1, 0.3, 3]);
    expect([row.forward, row.backward]).to.deep.equal([21, 20]);
    expect(row.ratio).to.be.closeTo(0.6 / 0.4, 1e-12);
    expect(row.cpuRatio).to.be.closeTo(1.2 / 1, 1e-12);
    expect(row.shares.decoder + row.shares.other + row.shares.between).to.be.closeTo(1, 1e-12);
  });

  it("takes the middle of the two middle times of an even number", () => {
    expect(rowOf(result({ edits: [edit(0.4, 0.1, 1), edit(0.1, 0.1, 1)] })).median).to.equal(0.25);
  });

  it("has no ratio for an editor that runs no pass", () => {
    const row = rowOf(result({ editor: "no-op", edits: [edit(0.001, 0, 0)] }));
    expect(row).to.not.have.any.keys("ratio", "cpuRatio");
    expect(tableLines([row])[1].split(/ {2,}/).slice(7, 9)).to.deep.equal(["-", "-"]);
  });

  it("writes numbers below their headers, and what was reported with its name", () => {
    const reported = { seconds: 0.666, what: "FT, 25 steps" };
    const [head, own, compared] = tableLines([rowOf(result({})), rowOf(result({ editor: "alphaedit", reported }))]);
    expect(own).to.match(/^ft-l +0\.20 +0\.10 +0\.30 +3 +21 +20 +1\.50 +1\.20 +67% +10% +23% +1\.50 +400 +513$/);
    expect(compared).to.match(/ 0\.67 \(FT, 25 steps\)$/);
    for (const name of ["s/edit", "ratio", "MB peak"])
      expect(compared[head.indexOf(name) + name.length - 1]).to.match(/\d/);
  });
});

describe("floor of an edit", () => {
  const runs = new Map([
    ["decoder, 40 tokens", { graph: "decoder", count: 3, seconds: 1 }],
    ["decoder, 50 tokens", { graph: "decoder", count: 1, seconds: 0.5 }],
    ["embed", { graph: "embed", count: 4, seconds: 0.25 }],
  ]);
  const ofDecoder = (graph: string) => graph === "decoder";

  it("counts every run of the decoder at the time of its own size", () => {
    const floors = new Map([
      ["decoder, 40 tokens", { seconds: 0.25, cpu: 0.5 }],
      ["decoder, 50 tokens", { seconds: 0.375, cpu: 1 }],
      ["embed", { seconds: 0.01, cpu: 0.01 }],
    ]);
    const { floor, cpuFloor, decoder, other, graphs } = floorOf(runs, floors, ofDecoder);
    expect({ floor, cpuFloor, decoder, other }).to.deep.equal({ floor: 1.125, cpuFloor: 2.5, decoder: 1.5, other: 0.25 }); // prettier-ignore
    expect(graphs.map((each) => [each.graph, each.runs])).to.deep.equal([["decoder", 4], ["embed", 4]]); // prettier-ignore
  });

  it("refuses a run that was not measured", () => {
    expect(() => floorOf(runs, new Map(), ofDecoder)).to.throw("decoder, 40 tokens");
  });
});

describe("editors of the edit benchmark", () => {
  it("leaves those out on a text model that train what sees images or write a prompt", () => {
    expect(leftOut("ft-vision", ["forward", "gradients"])).to.contain("images");
    expect(leftOut("ike", ["corpus", "encoder"])).to.contain("prompt");
    expect(leftOut("rome", ["forward", "gradients", "statistics"])).to.equal(undefined);
  });
});
