import { expect } from "chai";
import { mimeItems } from "../../extension/mime-item.ts";

const text = (bundle: Record<string, unknown>) =>
  mimeItems(bundle).map(({ mime, data }) => [mime, new TextDecoder().decode(data)]);

describe("mimeItems", () => {
  it("keeps the order of the bundle", () => {
    expect(text({ "text/html": "<b>1</b>", "text/plain": "1" })).to.deep.equal([
      ["text/html", "<b>1</b>"],
      ["text/plain", "1"],
    ]);
  });

  it("decodes base64 of pictures, sound, film and PDF, but not the text of an SVG", () => {
    for (const mime of [
      "image/png",
      "image/jpeg",
      "image/gif",
      "image/webp",
      "application/pdf",
      "audio/wav",
      "video/mp4",
    ])
      expect([...mimeItems({ [mime]: "AQID" })[0]!.data], mime).to.deep.equal([1, 2, 3]);
    expect(text({ "image/svg+xml": "<svg/>", "text/plain": "AQID", "x/y": "AQID" })).to.deep.equal([
      ["image/svg+xml", "<svg/>"],
      ["text/plain", "AQID"],
      ["x/y", "AQID"],
    ]);
  });

  it("writes JSON types as JSON, strings included", () => {
    expect(text({ "application/vnd.medke.metrics.v1+json": { rows: [1] }, "application/json": "word" })).to.deep.equal([
      ["application/vnd.medke.metrics.v1+json", '{"rows":[1]}'],
      ["application/json", '"word"'],
    ]);
  });

  it("passes bytes untouched and leaves out forms without a value", () => {
    const bytes = new Uint8Array([255, 0]);
    expect(mimeItems({ "application/octet-stream": bytes, "text/plain": undefined, "text/html": null })).to.deep.equal([
      { mime: "application/octet-stream", data: bytes },
    ]);
  });

  it("shows a value that is no string as text", () => {
    expect(text({ "text/plain": 42 })).to.deep.equal([["text/plain", "42"]]);
  });
});
