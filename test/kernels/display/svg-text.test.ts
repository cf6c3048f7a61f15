import { expect } from "chai";
import fc from "fast-check";
import { escapeXml, wrap } from "../../../kernels/display/svg-text.ts";

describe("svg text", () => {
  it("escapes markup and drops characters that XML forbids", () => {
    expect(escapeXml(`a<b & "c">\u0000\u000b`)).to.equal("a&lt;b &amp; &quot;c&quot;&gt;");
  });

  it("breaks at spaces, and a long word at its hyphen", () => {
    expect(wrap("Text-and-image locality", 12)).to.deep.equal(["Text-and-", "image", "locality"]);
    expect(wrap("", 10)).to.deep.equal([""]);
  });

  it("loses no letter and never exceeds the limit", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 30 }), (text, limit) => {
        const lines = wrap(text, limit);
        expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(limit);
        expect(lines.join("").replaceAll(/\s/g, "")).to.equal(text.replaceAll(/\s/g, ""));
      }),
    );
  });
});
