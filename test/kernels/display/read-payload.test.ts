import { expect } from "chai";
import { PayloadError } from "../../../kernels/display/payload-shape.ts";
import { readEditDiff } from "../../../kernels/display/read-edit-diff.ts";
import { readMetrics } from "../../../kernels/display/read-metrics.ts";
import { editDiffFixture, metricsFixture } from "../../renderers/fixture.ts";

describe("reading stored payloads", () => {
  const refused = (read: () => unknown) => expect(read).to.throw(PayloadError).with.property("message");

  it("accepts the current version, also with fields that a later release adds", () => {
    expect(readMetrics({ ...metricsFixture(), extra: 1 }))
      .to.have.property("rows")
      .with.length(16);
    expect(readEditDiff({ ...editDiffFixture(), extra: 1 }))
      .to.have.property("probes")
      .with.length(4);
  });

  it("says which version it met and what to do, before it looks at any field", () => {
    for (const read of [readMetrics, readEditDiff])
      refused(() => read({ version: 2 })).that.equals(
        "This output was made by a newer medke (version 2); this one reads version 1. Update medke, or run the cell again.",
      );
  });

  it("names the field that is wrong and what stands there", () => {
    refused(() => readMetrics(null)).that.contains("version: expected 1, got nothing");
    refused(() => readMetrics({ ...metricsFixture(), title: 7 })).that.contains("title: expected a text, got 7");
    const diff = editDiffFixture();
    (diff.probes[1] as { pass: unknown }).pass = "yes";
    refused(() => readEditDiff(diff)).that.contains(`probes[1].pass: expected true or false, got "yes"`);
  });

  it("refuses numbers that JSON turned into null, counts below one and intervals turned round", () => {
    const bad = (change: object) => {
      const payload = metricsFixture();
      Object.assign(payload.rows[0], change);
      return refused(() => readMetrics(payload));
    };
    bad({ value: null }).that.contains("rows[0].value: expected a finite number, got null");
    bad({ n: 0 }).that.contains("rows[0].n: expected a count of at least 1, got 0");
    bad({ ci: [0.9, 0.1] }).that.contains("rows[0].ci: expected a 95% interval [low, high], or null, got [0.9,0.1]");
  });

  it("refuses image data that is not base64, because it becomes part of an address", () => {
    const diff = editDiffFixture();
    diff.images["phantom-0007.jpg"].base64 = `"/><script>`;
    refused(() => readEditDiff(diff)).that.contains(`images["phantom-0007.jpg"].base64: expected base64`);
  });
});
