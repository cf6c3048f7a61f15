import { expect } from "chai";
import type { ScopeProbe } from "../../../../kernels/models/scopes/decide.ts";
import { byNearestText } from "../../../../kernels/models/scopes/nearest-text.ts";
import type { NearestTextScope } from "../../../../kernels/models/scopes/scope.ts";
import { float32 } from "../../../../kernels/tensor.ts";

/** A probe whose question stands at so many degrees in the plane. */
const at = (degrees: number): ScopeProbe => ({
  query: { question: "asked" },
  encode: async (encoder, text) => {
    expect([encoder, text]).to.deep.equal(["plane", "asked"]);
    return unit(degrees);
  },
  states: () => Promise.reject(new Error("texts need no hidden states")),
});
const unit = (degrees: number) =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));

const scope = (degrees: number[], threshold = 0.5): NearestTextScope => ({
  kind: "nearest-text",
  encoder: "plane",
  keys: float32(
    degrees.flatMap((each) => [...unit(each)]),
    [degrees.length, 2],
  ),
  threshold,
  cases: degrees.map((each) => `case-${each}`),
});

describe("nearest-text scope", () => {
  it("fires with the nearest entry at or above the threshold, and says how near it was", async () => {
    const decision = await byNearestText(scope([0, 80, 200]), at(50));
    expect(decision).to.include({ fires: true, entry: 1, case: "case-80", threshold: 0.5 });
    expect(decision.score).to.be.closeTo(Math.cos(Math.PI / 6), 1e-6);
    expect(decision.why).to.equal("nearest text 2 of 3 at cosine 0.866, threshold 0.5");
  });

  it("does not fire below the threshold, and still names what was nearest", async () => {
    expect(await byNearestText(scope([0, 80]), at(150))).to.include({ fires: false, entry: 1, case: "case-80" });
  });

  it("takes the latest of equal texts", async () => {
    expect(await byNearestText(scope([80, 0, 80]), at(80))).to.include({ fires: true, entry: 2 });
  });

  it("fires nowhere while nothing is stored", async () => {
    expect(await byNearestText(scope([]), at(0))).to.include({ fires: false, why: "nothing is stored" });
  });
});
