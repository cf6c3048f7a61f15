import { expect } from "chai";
import fc from "fast-check";
import { positionDistances, routeDistance } from "../../../../kernels/editors/memories/wise-distance.ts";
import { wiseRoute } from "../../../../kernels/editors/memories/wise-route.ts";
import type { Edit } from "../../../../kernels/models/edit.ts";
import { activationChange, byActivation } from "../../../../kernels/models/scopes/activation.ts";
import type { ScopeProbe } from "../../../../kernels/models/scopes/decide.ts";
import type { ActivationScope } from "../../../../kernels/models/scopes/scope.ts";
import { float32 } from "../../../../kernels/tensor.ts";

/** A prompt at which a change of one number moves the activation of all `tokens` by that number. */
const probe = (tokens = 3): ScopeProbe => ({
  query: { question: "asked" },
  encoder: () => Promise.reject(new Error("activations need no encoder")),
  states: async (taps, deltas) => {
    expect(taps).to.deep.equal([{ site: "here", of: "activated" }]);
    return [float32(new Float32Array(tokens).fill(deltas?.get("here")?.data[0] ?? 0), [tokens, 1])];
  },
});

/** Side memories that change activations by these distances. */
function memories(distances: number[], thresholds: number[], variant?: ActivationScope["variant"]) {
  const scope: ActivationScope = { kind: "activation", site: "here", thresholds, cases: distances.map((_, i) => [`case-${i}`]), variant }; // prettier-ignore
  const interventions = distances.map((d, entry) => ({ kind: "dense" as const, site: "here", delta: float32([d], [1, 1]), entry })); // prettier-ignore
  const provenance = { editor: "test", model: "test", seed: 0, options: {} };
  const edit: Edit = { id: "test", editor: "test", cases: [], interventions, scope, provenance };
  return byActivation(scope, edit, probe());
}

describe("activation scope", () => {
  it("fires from the threshold on, and says by how much the activations change", async () => {
    expect(await memories([2], [2])).to.include({ fires: true, entry: 0, case: "case-0", score: 2, threshold: 2 });
    expect(await memories([1.75], [2])).to.include({ fires: false, score: 1.75, threshold: 2 });
  });

  it("takes the largest change among those at their thresholds, not the one that exceeds its threshold by most", async () => {
    expect(await memories([5, 4, 9], [4.5, 1, 10])).to.include({ fires: true, entry: 0 });
  });

  it("fires nowhere without a side memory", async () => {
    expect(await memories([], [])).to.include({ fires: false });
  });

  it("decides as WISE's router does, in both variants", async () => {
    const number = fc.integer({ min: 0, max: 5 });
    const entries = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(entries, fc.constantFrom("official" as const, "corrected" as const), async (all, variant) => {
        const candidates = all.map(([distance, minActivation]) => ({ distance, minActivation }));
        const found = await memories(all.map(([d]) => d), all.map(([, t]) => t), variant); // prettier-ignore
        const wanted = wiseRoute(candidates.at(-1)!, candidates.slice(0, -1), 1, variant);
        expect(found.fires).to.equal(wanted.fires);
        if (wanted.fires) expect([found.score, found.threshold]).to.include(wanted.distance);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it("measures as WISE does: the mean over tokens, officially the largest beyond 100 of them", () => {
    for (const tokens of [4, 120]) {
      const changed = Float32Array.from({ length: tokens * 2 }, (_, i) => (i % 7) - 2);
      const original = new Float32Array(tokens * 2);
      // The scope is given activations as they are.
      const plain = { value: (x: number) => x, slope: () => 1 };
      const distances = positionDistances({ original, changed, width: 2 }, plain);
      const [a, b] = [float32(original, [tokens, 2]), float32(changed, [tokens, 2])];
      expect(activationChange(a, b, true)).to.be.closeTo(routeDistance(distances), 1e-9);
      const mean = distances.reduce((sum, d) => sum + d, 0) / tokens;
      expect(activationChange(a, b)).to.be.closeTo(mean, 1e-9);
    }
  });
});
