import { expect } from "chai";
import { otherWorld, shortBatches } from "../../../kernels/evaluation/warnings.ts";

describe("otherWorld", () => {
  it("says nothing where model and questions are of one world", () => {
    for (const [model, benchmark, world] of [
      ["phantom", "phantom/medmkeb"],
      ["phantom", "phantom"],
      ["phantom", "medmkeb", true],
      ["tiny-vlm", "vqa-rad"],
    ] as [string, string, boolean?][])
      expect(otherWorld(model, benchmark, world), `${model} ${benchmark}`).to.equal(undefined);
  });

  it("says in one line that a model guesses in the other world, both ways", () => {
    expect(otherWorld("phantom", "vqa-rad")).to.match(
      /^phantom knows only the phantom world: on vqa-rad it guesses, .*\.$/,
    );
    expect(otherWorld("tiny-vlm", "phantom/fgvedit")).to.match(
      /^phantom\/fgvedit asks about an invented world: unless tiny-vlm was trained on it, it guesses/,
    );
    expect(otherWorld("tiny-vlm", "fgvedit", true)).to.be.a("string");
  });
});

describe("shortBatches", () => {
  it("counts the batches that hold fewer cases than the protocol says", () => {
    expect(shortBatches("batch:8", new Map([[3, 1]]))).to.equal(
      "batch:8: the only batch holds 3 cases, so these are numbers of smaller batches. Test a multiple of 8 cases.",
    );
    const sizes = new Map([
      [8, 2],
      [1, 1],
    ]);
    expect(shortBatches("batch:8:official", sizes)).to.equal(
      "batch:8:official: 1 of 3 batches holds 1 case, so some of these numbers are of smaller batches. Test a multiple of 8 cases.",
    );
  });

  it("says nothing of full batches and of other protocols", () => {
    expect(shortBatches("batch:8", new Map([[8, 4]]))).to.equal(undefined);
    expect(shortBatches("sequential", new Map([[3, 1]]))).to.equal(undefined);
    expect(shortBatches("single", new Map())).to.equal(undefined);
  });
});
