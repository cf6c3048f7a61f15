import { expect } from "chai";
import fc from "fast-check";
import { canonicalJson, contentHash } from "../../../kernels/evaluation/content-hash.ts";

describe("canonicalJson", () => {
  it("sorts keys at every depth and leaves undefined fields out", () =>
    expect(canonicalJson({ b: [{ z: 1, y: undefined, x: "ü" }], a: null })).to.equal(
      '{"a":null,"b":[{"x":"ü","z":1}]}',
    ));

  it("says the same as JSON.parse reads back, for any JSON value", () =>
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).to.deep.equal(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).to.equal(canonicalJson(value));
      }),
    ));
});

describe("contentHash", () => {
  it("is the start of the SHA-256 of the canonical form", () => {
    // sha256 of `{"a":1}`, as sha256sum prints it.
    expect(contentHash({ a: 1 })).to.equal("015abd7f5cc57a2d");
    expect(contentHash({ a: 1 }, 32)).to.have.length(32);
  });
});
