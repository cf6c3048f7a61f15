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

  it("decodes base64 of PNG and JPEG, and of nothing else", () => {
    const [png, svg] = mimeItems({ "image/png": "AQID", "image/svg+xml": "<svg/>" });
    expect([...png!.data]).to.deep.equal([1, 2, 3]);
    expect(new TextDecoder().decode(svg!.data)).to.equal("<svg/>");
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
