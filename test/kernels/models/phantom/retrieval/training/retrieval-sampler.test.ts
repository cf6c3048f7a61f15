import { expect } from "chai";
import { RetrievalSampler } from "../../../../../../kernels/models/phantom/retrieval/training/retrieval-sampler.ts";
import { BATCH, GROUP } from "../../../../../../kernels/models/phantom/retrieval/training/settings.ts";
import type { Tensor } from "../../../../../../kernels/tensor.ts";

const bytes = (feeds: Record<string, Tensor>) =>
  Object.entries(feeds).map(([name, { dims, data }]) => [
    name,
    ...dims,
    Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("latin1"),
  ]);

describe("batches of the retrieval encoder", () => {
  it("are functions of seed and number, whatever was drawn before", () => {
    const [first, again] = [new RetrievalSampler(4), new RetrievalSampler(4)];
    first.feeds(0);
    const second = bytes(first.feeds(1));
    expect(bytes(again.feeds(1))).to.deep.equal(second);
    expect(bytes(new RetrievalSampler(5).feeds(1))).to.not.deep.equal(second);
  }).timeout(240_000);

  it("have rows of which scenes 2n and 2n + 1 are hard negatives, and never call a row its own negative", () => {
    const { same, labels, loss_weights, caption_ids, caption_mask } = new RetrievalSampler(4).feeds(0);
    expect(same.dims).to.deep.equal([3, BATCH, BATCH]);
    const at = (kind: number, i: number, j: number) => Number(same.data[(kind * BATCH + i) * BATCH + j]);
    const tokens = caption_ids.dims[1];
    const words = (row: number) => Array.from(caption_ids.data.slice(row * tokens, (row + 1) * tokens), Number);
    for (let i = 0; i < BATCH; i++) {
      expect(at(0, i, i)).to.equal(0);
      for (let j = 0; j < BATCH; j++) {
        const equal = words(i).join() === words(j).join();
        expect(at(1, i, j) < 0, `captions ${i} and ${j}`).to.equal(equal && i !== j);
        expect(at(1, i, j)).to.equal(at(1, j, i));
      }
    }
    const apart = (a: number[], b: number[]) => a.filter((id, i) => id !== b[i]).length;
    const [neighbours, others] = [0, 1].map((from) => {
      const pairs = Array.from({ length: GROUP / 2 - 1 }, (_, n) =>
        apart(words(2 * n + from), words(2 * n + from + 1)),
      );
      return pairs.sort((a, b) => a - b)[pairs.length >> 1];
    });
    expect(neighbours).to.be.below(others);
    expect(Array.from(labels.data.slice(0, BATCH), Number)).to.deep.equal([...Array(BATCH).keys()]);
    expect((loss_weights.data as Float32Array).reduce((a, b) => a + b, 0)).to.be.closeTo(3, 1e-4);
    expect(Array.from(caption_mask.data, Number).filter((bit) => bit === 0).length).to.be.above(0);
  }).timeout(240_000);
});
