import { expect } from "chai";
import { readStatisticsName, statisticsName } from "../../../../kernels/editors/statistics/statistics-name.ts";

describe("the name of statistics in provenance", () => {
  it("is read back as it was written, whatever the corpus is called", () => {
    const of = { width: 1, moment: Float64Array.of(1), tokens: 1517, corpus: "mine; 3 tokens; ab (20 texts)" };
    const name = statisticsName([
      { ...of, site: "a", digest: "d7e5af98e72f04a0" },
      { ...of, site: "b", digest: "10de19d47bfb0400" },
    ]);
    expect(name).to.equal("mine; 3 tokens; ab (20 texts); 1517 tokens; d7e5af98e72f04a0 10de19d47bfb0400");
    expect(readStatisticsName(name)).to.deep.equal({
      corpus: of.corpus,
      tokens: 1517,
      digests: ["d7e5af98e72f04a0", "10de19d47bfb0400"],
    });
  });

  it("says where there were none, and is nothing else", () => {
    expect(readStatisticsName("identity")).to.equal("identity");
    for (const other of [undefined, 3, "", "some text", "a; b tokens; ab"])
      expect(readStatisticsName(other)).to.equal(undefined);
  });
});
