import { expect } from "chai";
import { metricsBundle } from "../../../kernels/display/metrics-bundle.ts";
import { metricsCsv } from "../../../kernels/display/metrics-csv.ts";
import type { MetricsPayload } from "../../../kernels/display/metrics.ts";
import { PayloadError } from "../../../kernels/display/payload-shape.ts";
import { reportedBeside, reportedParagraphs } from "../../../kernels/display/reported-point.ts";
import { reportedPoints } from "../../../kernels/display/reported-points.ts";
import { metricsFixture } from "../../renderers/fixture.ts";

const points = reportedPoints("fgvedit-mscke", ({ setting }) => setting === "BLIP-2 OPT");

/** The sample plot as if it had been scored like FGVEdit's published table. */
const likeFgvedit = (): MetricsPayload => {
  const payload = metricsFixture();
  payload.rows = payload.rows
    .filter(({ metric, profile }) => metric === "reliability" && profile === "gen-exact")
    .map((row) => ({ ...row, profile: "fgvedit", comparable_group: "mm.fgvedit.token-acc" }));
  return { ...payload, reported: points };
};

describe("published figures under a plot", () => {
  it("get a place on an axis only where they were scored the same way, as fractions", () => {
    const beside = reportedBeside(
      { metric: "reliability", comparable_group: "mm.fgvedit.token-acc" },
      "fgvedit",
      points,
    );
    expect(beside.map(({ label, value }) => [label, value])).to.deep.equal([
      ["FT-LLM (BLIP-2 OPT)", 1],
      ["SERAC (BLIP-2 OPT)", 0.931],
      ["MEND (BLIP-2 OPT)", 0.97],
      ["MSCKE (BLIP-2 OPT)", 0.991],
      ["MSCKE-MEND (BLIP-2 OPT)", 0.974],
    ]); // without IKE, which was scored by exact match
    expect(
      reportedBeside({ metric: "reliability", comparable_group: "mm.gen.exact-norm" }, "gen-exact", points),
    ).to.deep.equal([]);
    const leaderboard = reportedPoints("mediconfusion-leaderboard");
    expect(leaderboard.filter(({ value }) => value !== undefined)).to.deep.equal([]);
  });

  it("are said in words with source, conditions and trust", () => {
    const [paragraph] = reportedParagraphs(points);
    expect(paragraph).to.match(/^Reported \(unconfirmed\), not measured here\. FGVEdit \/ MSCKE \(ICCV 2025\)/);
    expect(paragraph).to.contain("MSCKE (BLIP-2 OPT): reliability 99.1%, text locality 100%,");
    expect(paragraph).to.contain("IKE (BLIP-2 OPT) (scored by exact match, so not comparable");
    expect(reportedParagraphs(reportedPoints("mediconfusion-superseded"))[0]).to.match(
      /^Reported, not measured here\..*Gemini 2\.0 Pro: set 28\.41%, confusion 67\.05%, individual 61\.93% \(derived\);.*RadFM \(before the release\): set 7\.39% \(unconfirmed\)\.$/,
    );
  });

  it("are drawn as diamonds with a key, and listed below in picture and text", async () => {
    const bundle = await metricsBundle(likeFgvedit());
    const svg = bundle["image/svg+xml"] as string;
    expect(svg.match(/reported: [^<]*reliability/g)).to.have.length(5);
    expect(svg).to.contain("reported, not measured");
    expect(svg).to.contain("Reported (unconfirmed), not measured here.");
    expect(bundle["text/plain"]).to.contain(
      "MSCKE-MEND (BLIP-2 OPT) (no released code or configuration): reliability 97.4%",
    );
    expect(metricsCsv(likeFgvedit()), "copied data stays what was measured").not.to.contain("MSCKE");
  });

  it("are only listed where no axis fits, and leave a plot without any as it was", async () => {
    const svg = (await metricsBundle({ ...metricsFixture(), reported: points }))["image/svg+xml"] as string;
    expect(svg).not.to.contain("reported, not measured<");
    expect(svg).to.contain("Reported (unconfirmed), not measured here.");
    const bare = (await metricsBundle({ ...metricsFixture(), reported: [] }))["image/svg+xml"];
    expect(bare).to.equal((await metricsBundle(metricsFixture()))["image/svg+xml"]);
  });

  it("are refused without source or trust", async () => {
    const payload = likeFgvedit();
    payload.reported = [{ ...points[0], mark: "sure" as never }];
    let failure: unknown;
    await metricsBundle(payload).catch((error) => (failure = error));
    expect(failure).to.be.instanceOf(PayloadError);
    expect((failure as Error).message).to.contain("reported[0].mark: expected reported or derived or unconfirmed");
  });
});
