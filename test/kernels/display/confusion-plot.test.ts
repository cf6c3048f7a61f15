import { expect } from "chai";
import { CONFUSION_MIME, type ConfusionPayload } from "../../../kernels/display/confusion.ts";
import { confusionPayload, confusionPlot } from "../../../kernels/display/confusion-plot.ts";
import { MIME_BUNDLE } from "../../../kernels/display/mime.ts";
import { IncomparableRowsError } from "../../../kernels/display/panels.ts";
import { PayloadError } from "../../../kernels/display/payload-shape.ts";
import { evaluateConfusion } from "../../../kernels/evaluation/confusion/evaluate-confusion.ts";
import { sidePairs } from "../evaluation/confusion/confusion-pairs.ts";
import { TableModel } from "../evaluation/table-model.ts";

const pairs = sidePairs(6);
const evaluated = (answer: string, mode: "mc" | "ff" = "mc") =>
  evaluateConfusion(new TableModel({ "*": answer }), pairs, { mode });

describe("confusionPlot", () => {
  it("shows scores with intervals and the rules that see no image, in four forms", async () => {
    const shown = await confusionPlot([await evaluated("A"), await evaluated("nothing")], {
      title: "Before & after",
      labels: ["before <b>", "after"],
    })[MIME_BUNDLE]();
    const svg = shown["image/svg+xml"] as string;
    expect(svg).to.match(/^<svg [^>]*role="img"/);
    expect(svg).to.contain("1. before &lt;b&gt;").and.to.contain("Before &amp; after");
    for (const label of ["coin an image", "one letter", "coin a pair"]) expect(svg).to.contain(`>${label}</text>`);
    expect(svg).not.to.match(/<script|href=|NaN|undefined/);
    expect(
      Buffer.from(shown["image/png"] as string, "base64")
        .subarray(1, 4)
        .toString(),
    ).to.equal("PNG");
    expect(shown["text/plain"]).to.contain(
      "before <b>: individual accuracy 0.50, 95% interval none, too few values, of 12",
    );
    // Nothing was answered validly, so confusion is a share of nothing: it is said, not drawn as 0.
    expect(shown["text/plain"]).to.contain("after: confusion of nothing");
    expect((shown[CONFUSION_MIME] as ConfusionPayload).series[1].scores.confusion).to.equal(null);
  });

  it("refuses nothing, and numbers that do not compare", async () => {
    expect(() => confusionPayload([])).to.throw(PayloadError);
    const mixed = [await evaluated("A"), await evaluated("A", "ff")];
    expect(() => confusionPayload(mixed)).to.throw(IncomparableRowsError, "ff-match");
  });
});
