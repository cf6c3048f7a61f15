import { expect } from "chai";
import { parseHTML } from "linkedom";
import sharp from "sharp";
import { metricsBundle } from "../../../kernels/display/metrics-bundle.ts";
import { METRICS_MIME, type MetricsPayload } from "../../../kernels/display/metrics.ts";
import { IncomparableRowsError } from "../../../kernels/display/panels.ts";
import { PayloadError } from "../../../kernels/display/payload-shape.ts";
import { metricsFixture } from "../../renderers/fixture.ts";

const failure = (payload: MetricsPayload): Promise<unknown> =>
  metricsBundle(payload).then(
    () => undefined,
    (e) => e,
  );

describe("metricsBundle", () => {
  it("gives the data, an SVG, a PNG of twice its size and text", async () => {
    const payload = metricsFixture();
    const bundle = await metricsBundle(payload);
    expect(Object.keys(bundle)).to.have.members([METRICS_MIME, "image/svg+xml", "image/png", "text/plain"]);
    expect(bundle[METRICS_MIME]).to.deep.equal(payload);
    const [, width, height] = /^<svg [^>]*width="(\d+)" height="(\d+)"/.exec(bundle["image/svg+xml"] as string)!;
    const png = await sharp(Buffer.from(bundle["image/png"] as string, "base64")).metadata();
    expect([png.format, png.width, png.height]).to.deep.equal(["png", 2 * +width, 2 * +height]);
  });

  it("writes a table a profile, with every value, interval, base value and n", async () => {
    const text = (await metricsBundle(metricsFixture()))["text/plain"] as string;
    const lines = text.split("\n");
    const start = lines.indexOf("gen-exact: exact match of the freely generated answer");
    expect(lines.slice(start + 1, start + 8)).to.deep.equal([
      "editor      Reliability        Text generality    Image locality     Text-and-image locality",
      "----------  -----------------  -----------------  -----------------  -----------------------",
      "ft-llm      0.95 [0.85, 1.00]  0.63 [0.38, 0.81]  0.35 [0.15, 0.55]  0.70 [0.50, 0.90]",
      "ike         0.80 [0.60, 0.95]  0.75 [0.50, 0.94]  0.10 [0.00, 0.25]  0.45 [0.25, 0.65]",
      "----------  -----------------  -----------------  -----------------  -----------------------",
      "base model  0.00               0.06               1.00               1.00",
      "n           20                 16                 20                 20",
    ]);
    expect(text)
      .to.contain("tf-token: share of answer tokens, teacher-forced")
      .and.to.contain("Counterfactual test edit");
  });

  it("shows base values and counts one by one where editors differ, and says what was not measured", async () => {
    const payload = metricsFixture();
    payload.rows = payload.rows
      .filter((row) => row.profile === "gen-exact" && row.metric !== "image-locality")
      .slice(0, 4);
    payload.rows[3].n = 12;
    const text = (await metricsBundle(payload))["text/plain"] as string;
    expect(text).to.contain("n           20 / 12").and.to.contain("not measured");
  });

  it("draws every bar with its n, interval and comparable group in words", async () => {
    const svg = (await metricsBundle(metricsFixture()))["image/svg+xml"] as string;
    const { document } = parseHTML(`<html><body>${svg}</body></html>`);
    const bars = [...document.querySelectorAll("rect title")].map((title) => title.textContent);
    expect(bars).to.have.length(16);
    expect(bars).to.include(
      "ft-llm, Reliability: 0.95, 95% interval 0.85 to 1.00, base 0.00, n 20, gen-exact, mm.gen.exact-norm",
    );
    const words = [...document.querySelectorAll("text")].map((text) => text.textContent).join("|");
    for (const seen of ["n = 20", "n = 16", "0.95", "ft-llm", "ike", "base model", "95% interval", "Text generality"])
      expect(words).to.contain(seen);
  });

  it("keeps names that look like markup as text, and holds nothing that runs or loads", async () => {
    const payload = metricsFixture();
    payload.title = `<script>alert(1)</script> & "quotes"`;
    for (const row of payload.rows) row.editor = row.editor === "ike" ? "<b>ike</b>" : row.editor;
    const svg = (await metricsBundle(payload))["image/svg+xml"] as string;
    const { document } = parseHTML(`<html><body>${svg}</body></html>`);
    expect(document.querySelectorAll("script, b, image, foreignObject, a")).to.have.length(0);
    expect(document.querySelector("svg title")?.textContent).to.equal(payload.title);
  });

  it("draws other units than fractions, below zero too", async () => {
    const payload = metricsFixture();
    payload.rows = [
      { ...payload.rows[0], profile: "logprob-margin", value: -0.6, base: -2.4, ci: [-1.1, -0.2] },
      { ...payload.rows[4], profile: "logprob-margin", value: 3.1, base: -2.4, ci: [2.2, 4.1] },
    ];
    const bundle = await metricsBundle(payload);
    expect(bundle["text/plain"]).to.contain("\u22120.60 [\u22121.10, \u22120.20]");
    expect(bundle["image/svg+xml"]).to.contain("95% interval \u22121.10 to \u22120.20");
  });

  it("draws a bar that has no interval without a whisker, and says so in words", async () => {
    const whiskers = (svg: string) =>
      svg
        .match(/aria-label="rule"[^]*?<\/g>/g)!
        .join("")
        .match(/<line/g)?.length ?? 0;
    const all = (await metricsBundle(metricsFixture()))["image/svg+xml"] as string;
    const payload = metricsFixture();
    Object.assign(payload.rows[0], { value: 0.5, n: 1, ci: null });
    const bundle = await metricsBundle(payload);
    const svg = bundle["image/svg+xml"] as string;
    expect(svg)
      .to.contain("ft-llm, Reliability: 0.50, 95% interval none, too few values, base")
      .and.not.to.contain("NaN");
    expect(whiskers(all) - whiskers(svg), "one whisker less, drawn twice").to.equal(2);
    expect(bundle["text/plain"]).to.match(/^ft-llm +0\.50 {2}/m);
  });

  it("refuses two comparable groups on one axis and names both", async () => {
    const payload = metricsFixture();
    payload.rows[4].comparable_group = "mm.gen.other";
    const error = (await failure(payload)) as Error;
    expect(error).to.be.instanceOf(IncomparableRowsError);
    expect(error.message).to.equal(
      `metric plot, Reliability under gen-exact: "mm.gen.exact-norm" (ft-llm) and "mm.gen.other" (ike) are different comparable groups. ` +
        `Re-score one of them, or draw two plots.`,
    );
  });

  it("refuses a bar without an interval, an editor drawn twice, and a plot without rows", async () => {
    const bare = metricsFixture();
    delete (bare.rows[2] as Partial<MetricsPayload["rows"][0]>).ci;
    expect(await failure(bare))
      .to.be.instanceOf(PayloadError)
      .with.property("message")
      .that.contains("rows[2].ci: expected a 95% interval [low, high], or null, got nothing");
    const twice = metricsFixture();
    twice.rows.push(twice.rows[0]);
    expect(await failure(twice))
      .to.have.property("message")
      .that.contains(`editor "ft-llm" has two rows`);
    expect(await failure({ ...metricsFixture(), rows: [] }))
      .to.have.property("message")
      .that.contains("there are no rows to draw");
  });
});
