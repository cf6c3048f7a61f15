import { expect } from "chai";
import { metricsCsv } from "../../../kernels/display/metrics-csv.ts";
import { metricsFixture } from "../../renderers/fixture.ts";

describe("metricsCsv", () => {
  it("writes a header and a line a bar in full precision", () => {
    const lines = metricsCsv(metricsFixture()).split("\r\n");
    expect(lines[0]).to.equal("editor,metric,profile,comparable_group,value,base,n,ci_low,ci_high");
    expect(lines[2]).to.equal("ft-llm,text-generality,gen-exact,mm.gen.exact-norm,0.625,0.0625,16,0.375,0.8125");
    expect(lines).to.have.length(18);
  });

  it("leaves both ends empty where there is no interval", () => {
    const payload = metricsFixture();
    payload.rows = [{ ...payload.rows[0], ci: null }];
    expect(metricsCsv(payload)).to.match(/,\d+,,\r\n$/);
  });

  it("quotes what a spreadsheet would split", () => {
    const payload = metricsFixture();
    payload.rows = [{ ...payload.rows[0], editor: `lora, "r8"` }];
    expect(metricsCsv(payload)).to.contain(`\r\n"lora, ""r8""",reliability`);
  });
});
