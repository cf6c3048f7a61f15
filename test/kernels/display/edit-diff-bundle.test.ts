import { expect } from "chai";
import sharp from "sharp";
import { editDiffBundle } from "../../../kernels/display/edit-diff-bundle.ts";
import { editDiffSvg } from "../../../kernels/display/edit-diff-svg.ts";
import { EDIT_DIFF_MIME } from "../../../kernels/display/edit-diff.ts";
import { PayloadError } from "../../../kernels/display/payload-shape.ts";
import { editDiffFixture } from "../../renderers/fixture.ts";

describe("editDiffBundle", () => {
  it("gives the data, a PNG and text", async () => {
    const payload = editDiffFixture();
    const bundle = await editDiffBundle(payload);
    expect(Object.keys(bundle)).to.have.members([EDIT_DIFF_MIME, "image/png", "text/plain"]);
    expect(bundle[EDIT_DIFF_MIME]).to.deep.equal(payload);
    const png = await sharp(Buffer.from(bundle["image/png"] as string, "base64")).metadata();
    expect([png.format, png.width]).to.deep.equal(["png", 2000]);
  });

  it("draws the image's own pixels into the picture", async () => {
    const payload = editDiffFixture();
    const grey = await sharp({ create: { width: 40, height: 40, channels: 3, background: "rgb(10,200,30)" } })
      .png()
      .toBuffer();
    payload.images[payload.image!] = {
      mime: "image/png",
      base64: grey.toString("base64"),
      width: 40,
      height: 40,
      alt: "",
    };
    const png = sharp(Buffer.from((await editDiffBundle(payload))["image/png"] as string, "base64")).removeAlpha();
    const { data } = await png
      .extract({ left: 200, top: 200, width: 1, height: 1 })
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([...data]).to.deep.equal([10, 200, 30]);
  });

  it("writes each probe in words, with PASS or FAIL", async () => {
    const text = (await editDiffBundle(editDiffFixture()))["text/plain"] as string;
    expect(text).to.contain(
      [
        "FAIL  Image locality (same question): Is the velm displaced in this slice? [image phantom-0031.jpg]",
        "      before: yes | after: no (changed) | expected: yes",
        `      Log-probability of "yes": \u22120.11 to \u22122.87 nats per token (\u22122.76)`,
      ].join("\n"),
    );
    expect(text).to.contain("PASS  Reliability: Is the velm displaced in this slice?\n");
    expect(text).to.contain("3 of 4 probes pass, 3 answers changed");
    expect(text).to.contain("Counterfactual test edit").and.to.contain("an edit changes answers, not pictures");
  });

  it("shows a case without an image, an empty answer and text that looks like markup", async () => {
    const payload = editDiffFixture();
    delete payload.image;
    payload.probes = payload.probes.slice(0, 1).map(({ image: _, ...probe }) => ({ ...probe, after: "" }));
    payload.question = `<image href="x"/> & "why"`;
    expect((await editDiffBundle(payload))["text/plain"]).to.contain("after: (empty answer) (changed)");
    const svg = editDiffSvg(payload);
    expect(svg).to.not.contain("<image");
    expect(svg).to.contain("&lt;image href=&quot;x&quot;/&gt; &amp;");
  });

  it("refuses a probe whose image is missing, and names the field", async () => {
    const payload = editDiffFixture();
    payload.probes[2].image = "gone.jpg";
    const error = await editDiffBundle(payload).then(
      () => undefined,
      (e) => e,
    );
    expect(error).to.be.instanceOf(PayloadError);
    expect(error.message).to.contain(`probes[2].image: expected the key of one of the images, got "gone.jpg"`);
  });
});
