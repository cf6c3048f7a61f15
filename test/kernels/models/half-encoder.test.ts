import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { embeddedFolder } from "../../../kernels/models/embedded-models.ts";
import { openImageEncoder } from "../../../kernels/models/image-encoder.ts";
import { openSentenceEncoder } from "../../../kernels/models/sentence-encoder.ts";
import { readModelFile, writeModel } from "../../../kernels/onnx/index.ts";
import { halfGraph, writeHalfModel } from "./half-model.ts";

describe("encoders in half precision", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "medke-half-encoder-"))));
  after(() => rmSync(folder, { recursive: true }));

  it("sentences get the vectors of the float32 encoder", async () => {
    const from = embeddedFolder("phantom-retrieval");
    cpSync(from, join(folder, "text"), { recursive: true });
    const file = "onnx/text_model.onnx";
    writeFileSync(
      join(folder, "text", file),
      writeModel(halfGraph(await readModelFile(join(from, file)), "half edges")),
    );
    const [single, half] = [await openSentenceEncoder(), await openSentenceEncoder(join(folder, "text"))];
    try {
      const texts = ["what organ is this ?", "is the image normal ?"];
      const [wanted, found] = [await single.encode(texts), await half.encode(texts)];
      found.forEach((vector, t) =>
        expect(vector.reduce((dot, value, i) => dot + value * wanted[t][i], 0)).to.be.greaterThan(0.9999),
      );
    } finally {
      await single.dispose();
      await half.dispose();
    }
  });

  it("images get the features of the float32 encoder", async () => {
    await writeHalfModel(join(folder, "model"), "half edges");
    const [single, half] = [await openImageEncoder("phantom"), await openImageEncoder(join(folder, "model"))];
    try {
      const data = Uint8Array.from({ length: 128 * 128 * 3 }, (_, i) => (i * 37) % 251);
      const image = { width: 128, height: 128, data };
      const [wanted, found] = [await single.encode(image), await half.encode(image)];
      const most = Math.max(...wanted.flatMap((row) => [...row].map(Math.abs)));
      const off = Math.max(...found.flatMap((row, r) => [...row].map((value, i) => Math.abs(value - wanted[r][i]))));
      expect(off).to.be.lessThan(0.01 * most);
    } finally {
      await single.dispose();
      await half.dispose();
    }
  });
});
