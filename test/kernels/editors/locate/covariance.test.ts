import { expect } from "chai";
import { Matrix } from "ml-matrix";
import { factorMoment } from "../../../../kernels/editors/closed-forms/moment-factor.ts";
import { nullSpace } from "../../../../kernels/editors/closed-forms/null-space.ts";
import { covarianceOf } from "../../../../kernels/editors/locate/covariance.ts";
import type { LocateCall } from "../../../../kernels/editors/locate/locate-options.ts";
import type { KeyStatistics } from "../../../../kernels/editors/statistics-source.ts";
import { CancelledError } from "../../../../kernels/errors.ts";
import type { EditableModel } from "../../../../kernels/models/editable-model.ts";
import { seededRows } from "../closed-forms/seeded.ts";

const WIDTH = 384;
const site = "layers.0.mlp.down_proj";

describe("statistics as an edit uses them", () => {
  const model = { sites: [{ id: site, in: WIDTH }] } as unknown as EditableModel;
  const rows = seededRows(WIDTH + 8, WIDTH, 1);
  const data = new Float64Array(WIDTH * WIDTH);
  for (let i = 0; i < WIDTH; i++)
    for (let j = 0; j < WIDTH; j++)
      for (let r = 0; r < WIDTH + 8; r++) data[i * WIDTH + j] += rows.data[r * WIDTH + i] * rows.data[r * WIDTH + j];
  const moment = { type: "float64" as const, dims: [WIDTH, WIDTH], data };
  const columns = new Matrix([...Array(WIDTH).keys()].map((i) => [Math.sin(i)]));

  /** Covariances under a digest of their own, so that nothing is known from before. */
  const open = (digest: string, context: Partial<LocateCall["context"]> = {}) => {
    const found = { site, moment: data, width: WIDTH, tokens: 1, corpus: "seeded rows", digest } as KeyStatistics;
    const statistics = { digest, of: async () => found };
    const call = { editor: "memit", options: { covariance: "statistics" }, contexts: [], context: { ...context, statistics } }; // prettier-ignore
    return covarianceOf(call as unknown as LocateCall, model, [site]);
  };

  it("are factored and decomposed while other work goes on, with the same bits as in one piece, and say how far they are", async () => {
    const said: [string, number][] = [];
    const covariance = await open("a", { onWork: (what, share) => said.push([what, share]) });
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const space = await covariance.nullSpace(site, 5);
    const factor = await covariance.factor(site);
    clearInterval(timer);
    expect(ticks).to.be.greaterThan(1);
    expect(factor.solve(columns)).to.deep.equal(factorMoment(moment, { relativeRidge: 1e-4 }).solve(columns));
    const whole = nullSpace(moment, 5);
    expect(space.rank)
      .to.equal(whole.rank)
      .and.within(1, WIDTH - 1);
    expect(space.project(columns.transpose())).to.deep.equal(whole.project(columns.transpose()));
    expect(said.map(([what]) => what)).to.include(`null space of the statistics of ${site}`);
    for (const [, share] of said) expect(share).to.be.within(0, 1);
    // Known from now on.
    expect(await covariance.nullSpace(site, 5)).to.equal(space);
    expect(await (await open("a")).factor(site)).to.equal(factor);
  });

  it("are given up when the edit is stopped, and computed anew for the next one", async () => {
    const stop = new AbortController();
    const covariance = await open("b", { signal: stop.signal, onWork: () => stop.abort() });
    const error = await covariance.nullSpace(site, 5).catch((error) => error);
    expect(error).to.be.instanceOf(CancelledError);
    expect((await (await open("b")).nullSpace(site, 5)).rank).to.equal(nullSpace(moment, 5).rank);
  });

  it("go on for another edit that waits for them", async () => {
    const stop = new AbortController();
    const [first, second] = [await open("c", { signal: stop.signal }), await open("c")];
    const [stopped, kept] = [first.nullSpace(site, 5).catch((error) => error), second.nullSpace(site, 5)];
    stop.abort();
    expect(await stopped).to.be.instanceOf(CancelledError);
    expect((await kept).size).to.equal(WIDTH);
  });
});
