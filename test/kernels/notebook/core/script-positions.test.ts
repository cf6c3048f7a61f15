import { expect } from "chai";
import { KEPT_SCRIPTS, registerScript, userPosition } from "../../../../kernels/notebook/core/script-positions.ts";

const map = JSON.stringify({ version: 3, sources: ["cell.ts"], names: [], mappings: "AAAA" });

describe("positions in scripts", () => {
  it("are kept for the latest cells only, and running cells does not push out modules", () => {
    registerScript("module", "module-1.js", "helper.ts", map);
    for (let i = 1; i <= KEPT_SCRIPTS + 5; i++) registerScript("cell", `cell-${i}.js`, `Cell ${i}`, map);
    expect(userPosition("cell-5.js", 1, 1)).to.equal(undefined);
    expect(userPosition("cell-6.js", 1, 1)).to.equal("Cell 6, line 1, column 1");
    expect(userPosition("module-1.js", 1, 1)).to.equal("helper.ts, line 1, column 1");
  });
});
