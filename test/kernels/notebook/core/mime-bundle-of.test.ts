import * as aq from "arquero";
import { expect } from "chai";
import { mimeBundleOf } from "../../../../kernels/notebook/core/mime-bundle-of.ts";

describe("mimeBundleOf a table", () => {
  it("shows an arquero table as a table, in HTML and in text, with its size", async () => {
    const bundle = await mimeBundleOf(aq.table({ editor: ["ft-llm", "ike"], value: [1, 0.25] }));
    expect(bundle["text/html"]).to.match(/^<table>.*ft-llm.*<\/table>.*2 rows, 2 columns<\/p>$/s);
    expect(bundle["text/plain"]).to.match(/\|ft-llm *\|.*2 rows, 2 columns$/s);
  });

  it("shows the first rows of a long one and says so", async () => {
    const bundle = await mimeBundleOf(aq.table({ i: Array.from({ length: 1000 }, (_, i) => i) }));
    expect(bundle["text/plain"]).to.include("1000 rows, 1 columns; the first 50 are shown");
    expect((bundle["text/html"] as string).match(/<tr>/g)).to.have.length(51);
  });

  it("escapes what a cell of the table says", async () => {
    const bundle = await mimeBundleOf(aq.table({ q: ["<script>alert(1)</script>"] }));
    expect(bundle["text/html"]).to.not.include("<script>");
  });
});
