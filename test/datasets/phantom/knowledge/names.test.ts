import { expect } from "chai";
import { distance } from "fastest-levenshtein";
import { ENTITIES, typeOf } from "../../../../datasets/phantom/knowledge/index.ts";
import { inventNames, LEAST_DISTANCE } from "../../../../datasets/phantom/knowledge/names.ts";
import { REAL_PATTERNS } from "../../../../datasets/phantom/knowledge/syllables.ts";
import { UnknownNameError } from "../../../../kernels/errors.ts";

const names = Object.values(ENTITIES).flatMap((list) => list.map((name) => name.split(" ")[0]));

describe("phantom names", () => {
  it("are as many as the world's description says", () => {
    const counts = Object.fromEntries(Object.entries(ENTITIES).map(([type, list]) => [type, list.length]));
    expect(counts).to.deep.equal({
      condition: 64,
      agent: 48,
      cause: 32,
      assay: 24,
      guideline: 16,
      class: 10,
      origin: 12,
      effect: 12,
      purpose: 4,
      function: 8,
      organ: 10,
      finding: 8,
      device: 4,
    });
  });

  it("differ in two letters at least, and none contains another", () => {
    names.forEach((a, i) => {
      for (const b of names.slice(i + 1)) {
        expect(distance(a, b), `${a} ${b}`).to.be.at.least(LEAST_DISTANCE);
        expect(a.includes(b) || b.includes(a), `${a} ${b}`).to.equal(false);
      }
    });
  });

  it("are lower-case letters and look like no real disease or drug", () => {
    for (const name of names) {
      expect(name).to.match(/^[a-z]{5,11}$/);
      for (const pattern of REAL_PATTERNS) expect(name).not.to.match(pattern);
    }
  });

  it("are the same for one seed and others for another", () => {
    expect(inventNames(40, 7)).to.deep.equal(inventNames(40, 7));
    const other = new Set(inventNames(40, 8));
    expect(inventNames(40, 7).filter((name) => other.has(name)).length).to.be.below(20);
  });

  it("belong to one type each, and an unknown one is refused with the nearest", () => {
    for (const [type, list] of Object.entries(ENTITIES)) for (const name of list) expect(typeOf(name)).to.equal(type);
    expect(() => typeOf("glimmer")).to.throw(UnknownNameError, 'did you mean "glimmar"?');
  });
});
