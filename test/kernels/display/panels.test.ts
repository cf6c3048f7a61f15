import { expect } from "chai";
import { metricsPayload } from "../../../kernels/display/metrics-plot.ts";
import { metricPanels, panelWords } from "../../../kernels/display/panels.ts";
import type { MetricsPayloadRow } from "../../../kernels/display/metrics.ts";
import type { Evaluation } from "../../../kernels/evaluation/result.ts";

const row = (metric: string, comparable_group: string) =>
  ({ editor: "ft-llm", metric, profile: "gen-exact", comparable_group, value: 1, base: 0, n: 4, ci: [1, 1] }) as unknown as MetricsPayloadRow; // prettier-ignore
const target = (metric: string) => row(metric, "mm.gen.exact-norm");
const local = (metric: string) => row(metric, "mm.locality.gen-agree");
const MANY = [
  ...["reliability", "text-generality", "image-generality", "portability", "robustness"].map(target),
  ...["text-locality", "image-locality", "negated-question"].map(local),
];

describe("panels of a metric plot", () => {
  it("one a profile, as long as the names of its metrics have room", () => {
    const { panels } = metricPanels(MANY.slice(0, 7));
    expect(panels.map(panelWords)).to.deep.equal(["gen-exact: exact match of the freely generated answer"]);
  });

  it("otherwise what should change, what should stay and the parts of a metric stand apart", () => {
    const { panels } = metricPanels([...MANY, target("portability/1-hop"), target("robustness/misleading-context")]);
    expect(panels.map(({ section, categories }) => [section, categories.length])).to.deep.equal([
      ["what should change", 5],
      ["what should stay", 3],
      ["parts of portability", 1],
      ["parts of robustness", 1],
    ]);
    expect(panelWords(panels[1])).to.equal("gen-exact: exact match of the freely generated answer; what should stay");
  });

  it("parts of a metric are drawn where they are asked for", () => {
    const evaluation = {
      ...{ editor: "ft-llm", model: "m", benchmark: "b", protocol: "single", seed: 0, notice: "" },
      device: { device: "cpu" },
      rows: [target("portability"), target("portability/1-hop")],
    } as unknown as Evaluation;
    expect(metricsPayload([evaluation]).rows).to.have.length(1);
    expect(metricsPayload([evaluation], "title", [], true).rows).to.have.length(2);
  });
});
