import { expect } from "chai";
import { EditMismatchError } from "../../../../kernels/models/combine-edits.ts";
import type { ScopeProbe } from "../../../../kernels/models/scopes/decide.ts";
import { byNearestText } from "../../../../kernels/models/scopes/nearest-text.ts";
import { EncoderMismatchError } from "../../../../kernels/models/scopes/require-encoder.ts";
import type { NearestTextScope } from "../../../../kernels/models/scopes/scope.ts";
import { float32 } from "../../../../kernels/tensor.ts";

const DIGEST = "0123456789abcdef";

/** A probe whose question stands at so many degrees in the plane. */
const at = (degrees: number, digest = DIGEST): ScopeProbe => ({
  query: { question: "asked" },
  encoder: async (name) => ({
    digest: async () => digest,
    encode: async (texts) => {
      expect([name, ...texts]).to.deep.equal(["plane", "asked"]);
      return [unit(degrees)];
    },
  }),
  states: () => Promise.reject(new Error("texts need no hidden states")),
});
const unit = (degrees: number) =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));

const scope = (degrees: number[], threshold = 0.5): NearestTextScope => ({
  kind: "nearest-text",
  encoder: "plane",
  encoderDigest: DIGEST,
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

  it("refuses another encoder of the same name, which would route differently", async () => {
    const error = await byNearestText(scope([0]), at(0, "fedcba9876543210")).catch((error) => error);
    expect(error).to.be.instanceOf(EncoderMismatchError);
    expect(error.message).to.match(
      /^sentence encoder "plane": .* digest 0123456789abcdef; .* fedcba9876543210.*Bring the folder/,
    );
  });

  it("refuses keys that are none of the encoder's vectors", async () => {
    const wide = { ...scope([0]), keys: float32(new Float32Array(3), [1, 3]) };
    const error = await byNearestText(wide, at(0)).catch((error) => error);
    expect(error)
      .to.be.instanceOf(EditMismatchError)
      .and.have.property("message")
      .that.contains("have 2 numbers, the stored keys 3");
  });

  it("fires nowhere while nothing is stored", async () => {
    expect(await byNearestText(scope([]), at(0))).to.include({ fires: false, why: "nothing is stored" });
  });
});
