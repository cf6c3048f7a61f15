import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { withoutTimes } from "../../../kernels/evaluation/without-times.ts";
import { runPlan } from "../../../kernels/runs/run.ts";
import { Store } from "../../../kernels/runs/store.ts";
import { baseTable, tableCases } from "../evaluation/table-cases.ts";
import { oracle, TableModel } from "../evaluation/table-model.ts";

const N = 12;

/** Starts the child and resolves to the signal that ended it; `killAtStart` kills it from outside once so many edits started. */
const child = (
  folder: string,
  where: string,
  after = 0,
  killAtStart?: number,
  protocol = "single",
): Promise<string | null> =>
  new Promise((resolve, reject) => {
    const args = [
      "--import",
      "tsx",
      join(import.meta.dirname, "crash-child.ts"),
      folder,
      String(N),
      where,
      String(after),
      protocol,
    ];
    const process_ = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
    const starts = () => statSync(join(folder, "starts"), { throwIfNoEntry: false })?.size ?? 0;
    const killer = setInterval(
      () => killAtStart !== undefined && starts() >= killAtStart && process_.kill("SIGKILL"),
      1,
    );
    process_.on("error", reject);
    process_.on("exit", (_, signal) => {
      clearInterval(killer);
      resolve(signal);
    });
  });

describe("a run that is killed with SIGKILL", () => {
  const folders: string[] = [];
  const fresh = () => {
    folders.push(mkdtempSync(join(tmpdir(), "medke-crash-")));
    return folders[folders.length - 1];
  };
  after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

  const cases = tableCases(N);
  const finish = (folder: string) =>
    runPlan({ folder, models: [{ model: new TableModel(baseTable(cases)) }], editors: [oracle], cases });
  const faultFree = async () => withoutTimes((await finish(fresh())).evaluations[0]);
  const length = (folder: string, file: string) => readFileSync(join(folder, file), "utf8").length;

  it("keeps what was stored before a kill in the middle of an append, and computes the rest", async () => {
    const folder = fresh();
    expect(await child(folder, "mid-append", 5)).to.equal("SIGKILL");
    const left = new Store(folder);
    expect([left.size, left.torn]).to.deep.equal([5, 1]);
    const report = await finish(folder);
    expect([report.reused, report.computed, report.torn, report.duplicates, report.conflicts]).to.deep.equal([
      5,
      7,
      1,
      0,
      [],
    ]);
    expect(withoutTimes(report.evaluations[0])).to.deep.equal(await faultFree());
  });

  for (const [protocol, tests] of [
    ["batch:5:official", 12],
    ["sequential:4", 16],
    ["gap:3", 9],
    ["group:4", 12],
  ] as const)
    it(`${protocol}: keeps what was stored before the kill, and ends with the document of a run without one`, async () => {
      const plan = (at: string) => ({ folder: at, models: [{ model: new TableModel(baseTable(cases)) }], editors: [oracle], cases, protocols: [protocol] }); // prettier-ignore
      const folder = fresh();
      expect(await child(folder, "mid-append", 5, undefined, protocol)).to.equal("SIGKILL");
      const report = await runPlan(plan(folder));
      const { reused, computed, torn, duplicates, conflicts } = report;
      expect([reused, computed, torn, duplicates, conflicts]).to.deep.equal([5, tests - 5, 1, 0, []]);
      const whole = await runPlan(plan(fresh()));
      expect(withoutTimes(report.evaluations[0])).to.deep.equal(withoutTimes(whole.evaluations[0]));
    });

  it("computes again exactly the units that were killed before their line was complete", async () => {
    // The law catches stores that lose or repeat work unnoticed: starts - units == kills before the end of an append.
    const folder = fresh();
    const points = ["started", "mid-append", "appended", "computed", "mid-append"];
    for (const where of points) expect(await child(folder, where, 1), where).to.equal("SIGKILL");
    expect(await child(folder, "none")).to.equal(null);
    const kills = readFileSync(join(folder, "kills"), "utf8");
    expect(kills).to.have.length(5);
    expect(length(folder, "starts") - N).to.equal([...kills].filter((kill) => kill === "b").length);
    const report = await finish(folder);
    expect([report.computed, report.torn, report.duplicates]).to.deep.equal([0, 2, 0]);
    expect(withoutTimes(report.evaluations[0])).to.deep.equal(await faultFree());
  });

  it("ends complete when it is killed from outside at any time", async () => {
    const folder = fresh();
    for (const start of [2, 5, 8]) expect(await child(folder, "none", 0, start)).to.equal("SIGKILL");
    expect(new Store(folder).size).to.be.within(4, N - 1);
    const report = await finish(folder);
    expect([report.reused + report.computed, report.conflicts]).to.deep.equal([N, []]);
    expect(withoutTimes(report.evaluations[0])).to.deep.equal(await faultFree());
  });
});
