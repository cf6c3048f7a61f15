import { expect } from "chai";
import type { EditCase } from "../../../../datasets/case.ts";
import { editorNamed } from "../../../../kernels/editors/index.ts";
import { evaluate } from "../../../../kernels/evaluation/evaluate.ts";
import { PROFILE_NAMES, profiles } from "../../../../kernels/evaluation/profiles/index.ts";
import type { Profile } from "../../../../kernels/evaluation/profiles/profile.ts";
import type { Evaluation } from "../../../../kernels/evaluation/result.ts";
import { loadCases } from "../../../../kernels/load-cases.ts";
import { loadModel } from "../../../../kernels/models/load-model.ts";
import type { VisionLanguageModel } from "../../../../kernels/models/vision-language-model.ts";
import { describeWithShared } from "../../../shared-data.ts";
import { loadTinyVlm, TINY_VLM, tinyCases } from "../../tiny-vlm.ts";

/** Adds questions without an image, which both sets of cases lack. */
const withText = (each: EditCase): EditCase => ({
  ...each,
  probes: [
    ...each.probes,
    { kind: "text-locality", name: "mapping", question: "What is it?", expect: { unchanged: true, context: "no" } },
    { kind: "text-generality", question: each.question, expect: { answer: each.target } },
  ],
});

/** Values of unchanged behaviour and of the best: distances are 0, shares 1. */
const untouched = (profile: string) => (profile === "loc-kl" ? 0 : 1);
const isLocality = (metric: string) => metric.includes("locality") || metric === "negated-question";

/** What must hold of every model in every profile. */
function identities(open: () => Promise<{ model: VisionLanguageModel; cases: EditCase[] }>): void {
  const documents: Record<string, Evaluation> = {};
  let images = false;
  before(async function () {
    this.timeout(300_000);
    const { model, cases } = await open();
    images = cases.some(({ image }) => image);
    try {
      for (const id of ["no-op", "oracle"])
        documents[id] = await evaluate({
          model,
          editor: editorNamed(id),
          cases: cases.map(withText),
          profiles: PROFILE_NAMES,
        });
    } finally {
      await model.dispose();
    }
  });

  it("every profile has rows, but the one of routers where nothing routes", () => {
    const named = (id: string) => [...new Set(documents[id].rows.map(({ profile }) => profile))].sort();
    expect(named("oracle")).to.deep.equal([...PROFILE_NAMES].sort());
    expect(named("no-op")).to.deep.equal(PROFILE_NAMES.filter((name) => name !== "router-fired").sort());
  });

  it("an editor that does nothing: every value is the base value, every locality exactly unchanged", () => {
    for (const { metric, profile, value, base } of documents["no-op"].rows) {
      expect(value, `${metric}, ${profile}`).to.equal(base);
      if (isLocality(metric)) expect(value, `${metric}, ${profile}`).to.equal(untouched(profile));
    }
  });

  it("the oracle: reliability and every other wanted answer 1, every locality exactly unchanged, in every profile", () => {
    for (const { metric, profile, value, base } of documents.oracle.rows) {
      const at = `${metric}, ${profile}`;
      if (isLocality(metric)) expect(value, at).to.equal(untouched(profile));
      // Nats without an upper bound: the target is certain, and what the model said before is not.
      else if (profile === "logprob-margin") expect(value, at).to.be.above(Math.max(base, 1));
      else expect(value, at).to.equal(1);
    }
    const scored = documents.oracle.rows.filter(({ metric }) => metric === "reliability");
    // Scorers of text edits have no number for a question about an image.
    const seen = ({ groups }: Profile) => images && groups.target!.startsWith("lm.");
    const wanted = PROFILE_NAMES.map((name) => profiles[name]).filter((each) => each.groups.target && !seen(each));
    expect(scored.map(({ profile }) => profile)).to.deep.equal(wanted.map(({ name }) => name));
  });

  it("the oracle's router is right everywhere, and its counts say how often it fired", () => {
    const rows = documents.oracle.rows.filter(({ profile }) => profile === "router-fired");
    for (const { metric, value, n, routed } of rows) {
      expect(value, metric).to.equal(1);
      const fired = isLocality(metric) ? 0 : n;
      expect(routed, metric).to.deep.equal({ fired, right: fired, wrong: 0 });
    }
  });

  it("rows say how they were made", () => {
    for (const row of documents.oracle.rows) {
      expect(row.comparable_group).to.match(/^[a-z0-9_.-]+$/);
      expect(row.n).to.be.above(0);
      expect(row.mask).to.be.a("string");
      if (row.ci) expect(row.ci[0]).to.be.at.most(row.ci[1]);
      expect(row.seed).to.equal(0);
    }
    const k = { "text-locality": 1, "image-locality": 10, reliability: null } as Record<string, number | null>;
    for (const row of documents.oracle.rows)
      if (row.profile === "vlkeb-legacy" && row.metric in k) expect(row.k, row.metric).to.equal(k[row.metric]);
  });
}

describe("identities of every profile, phantom", () =>
  identities(async () => {
    const model = await loadModel("phantom", { device: "cpu" });
    return { model, cases: (await loadCases("phantom/medmkeb", { model, limit: 2 })).cases };
  }));

describe("identities of every profile, text edits", () =>
  identities(async () => {
    const model = await loadModel("phantom", { device: "cpu" });
    return { model, cases: (await loadCases("phantom/medversa", { model, limit: 2 })).cases };
  }));

describeWithShared("identities of every profile, a model of another form", TINY_VLM, () =>
  identities(async () => {
    const model = await loadTinyVlm();
    return { model, cases: await tinyCases(model, 2) };
  }),
);
