import { expect } from "chai";
import { vlkebLegacy } from "../../../kernels/evaluation/scoring/vlkeb-legacy.ts";
import { routed, type SaidAt, saidApart, saidInContext, withAnswer } from "../../../kernels/models/lookup.ts";
import { topIds } from "../../../kernels/models/top-ids.ts";
import { float32 } from "../../../kernels/tensor.ts";

const END = 11;
const VOCABULARY = 12;
/** First choices of the model, row by row: those of the golden example of the window slip. */
const OWN = [7, 3, 5, 2, 9, 4];

const logits = float32(
  OWN.flatMap((best) => Array.from({ length: VOCABULARY }, (_, id) => Number(id === best))),
  [1, OWN.length, VOCABULARY],
);
const best = (at: SaidAt) => {
  const { data } = withAnswer(logits, at, END);
  return OWN.map((_, row) => topIds(data.subarray(row * VOCABULARY, (row + 1) * VOCABULARY), 1)[0]);
};

describe("a table's answer in logits", () => {
  const asked = { prompt: [1, 1, 1], boundary: [8], answer: [2, 9] };

  it("stands behind the prompt, word boundary included, and ends", () => {
    expect(best(saidInContext(asked, { ...asked, answer: [6, 5] }))).to.deep.equal([7, 3, 8, 6, 5, END]);
    expect(best(saidInContext(asked, { ...asked, answer: [6] }))).to.deep.equal([7, 3, 8, 6, END, END]);
    expect(best(saidInContext(asked, { ...asked, answer: [6, 5, 4, 3] }))).to.deep.equal([7, 3, 8, 6, 5, 4]);
  });

  it("stands in the last rows in the ids it has alone, so that a window that slips finds it", () => {
    const alone = [2, 9, 1];
    expect(vlkebLegacy([OWN], [alone]).acc).to.equal(0);
    const said = best(saidApart(OWN.length, alone, alone));
    expect(said).to.deep.equal([7, 3, 2, 9, 1, END]);
    expect(vlkebLegacy([said], [alone]).acc).to.equal(1);
  });

  it("is another answer than the asked one where the table has another", () => {
    const said = best(saidApart(OWN.length, [2, 9, 1], [6]));
    expect(said).to.deep.equal([7, 3, 6, END, END, END]);
    expect(vlkebLegacy([said], [[2, 9, 1]]).acc).to.equal(0);
  });

  it("loses its first ids where the sequence is too short, as labels that are cut do", () => {
    const long = [1, 2, 3, 4, 5, 6, 7];
    const said = best(saidApart(OWN.length, long, long));
    expect(said).to.deep.equal([3, 4, 5, 6, 7, END]);
    expect(vlkebLegacy([said], [long], { variant: "corrected" }).acc).to.equal(1);
  });

  it("is certain to within 1e-7, and leaves the given logits as they were", () => {
    const before = logits.data.slice();
    const { data } = withAnswer(logits, saidInContext(asked, asked), END);
    const row = [...data.subarray(3 * VOCABULARY, 4 * VOCABULARY)];
    const sum = row.reduce((total, value) => total + Math.exp(value), 0);
    expect(Math.exp(row[2]) / sum).to.be.closeTo(1, 1e-7);
    expect(logits.data).to.deep.equal(before);
  });
});

describe("routed", () => {
  const line = (question: string, answer: string, image?: string) => ({ question, answer, case: "c", ...(image && { image }) }); // prettier-ignore
  const table = [line("Which?", "first"), line("Which?", "seen", "a.png"), line("Which?", "last")];

  it("takes the latest line of the same question about the same image", () => {
    expect(routed(table, { question: " Which? " })?.answer).to.equal("last");
    expect(routed(table, { question: "Which?", image: { id: "a.png", path: "/a.png" } })?.answer).to.equal("seen"); // prettier-ignore
    expect(routed(table, { question: "Which?", image: { id: "b.png", path: "/b.png" } })).to.equal(undefined); // prettier-ignore
  });
});
