import { expect } from "chai";
import { pandasCsv } from "../../../../datasets/phantom/forms/mediconfusion-csv.ts";

describe("pandasCsv", () => {
  it("writes row numbers, lists as Python shows them, and quotes only where it must", () => {
    const rows = [
      { id: 1, text: "a, b", list: ["x", "y"], share: 0.5 },
      { id: 2, text: 'say "a"', list: ["x"], share: 1 },
    ];
    expect(pandasCsv(rows)).to.equal(`,id,text,list,share\n0,1,"a, b","['x', 'y']",0.5\n1,2,"say ""a""",['x'],1\n`);
  });
});
