import { expect } from "chai";
import { HEAD, packRow } from "../../../../../kernels/models/phantom/training/row.ts";
import { rowFeeds } from "../../../../../kernels/models/phantom/training/row-feeds.ts";

const [PAD, BOS] = [0, 1];
const seeing = { prompt: [4, 10, 5], answer: [20, 21, 2], seesImage: true };
const text = { prompt: [1, 4, 11, 5], answer: [30, 2], seesImage: false };
const long = { prompt: [4, 12, 13, 14, 15, 5], answer: [40, 2], seesImage: true };

describe("a row of questions", () => {
  const row = packRow([seeing, text, long], 12, PAD);

  it("passes over what does not fit and pads the rest", () => {
    expect(row.ids).to.deep.equal([4, 10, 5, 20, 21, 1, 4, 11, 5, 30, PAD, PAD]);
    expect(row.block).to.deep.equal([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, -1, -1]);
  });

  it("teaches the answer and its end, from the last token of the prompt on, and nothing else", () => {
    const taught = row.labels.map((label, i) => (row.weights[i] ? label : undefined));
    const none = undefined;
    expect(taught).to.deep.equal([none, none, 20, 21, 2, none, none, none, 30, 2, none, none]);
  });

  it("counts positions behind the image, or from 0 without one", () => {
    expect(row.positions.slice(0, 5)).to.deep.equal([0, 1, 2, 3, 4].map((i) => HEAD + i));
    expect(row.positions.slice(5, 10)).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it("lets a token see its own question's past, and the image if it is asked about it", () => {
    const feeds = rowFeeds([row], BOS);
    const all = HEAD + 12;
    const seen = (query: number) =>
      [...Array(all).keys()].filter((key) => (feeds.attention_bias.data as Float32Array)[query * all + key] === 0);
    const image = [...Array(HEAD).keys()];
    expect(seen(2)).to.deep.equal([0, 1, 2]);
    expect(seen(HEAD + 4)).to.deep.equal([...image, ...[0, 1, 2, 3, 4].map((i) => HEAD + i)]);
    expect(seen(HEAD + 7)).to.deep.equal([5, 6, 7].map((i) => HEAD + i));
    expect(seen(HEAD + 10)).to.deep.equal([HEAD + 10]);
  });

  it("weighs all answer tokens of a batch alike, 1 in all", () => {
    const { loss_weights } = rowFeeds([row, packRow([long], 12, PAD)], BOS);
    const weights = [...(loss_weights.data as Float32Array)].filter((weight) => weight > 0);
    expect(weights).to.have.length(7);
    expect(weights.every((weight) => Math.abs(weight - 1 / 7) < 1e-7)).to.equal(true);
  });
});
