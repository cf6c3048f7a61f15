import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { MODALITIES } from "../../datasets/phantom/world/vocabulary.ts";
import { medke, ROOT } from "./medke.ts";

const EDIT_DIFF = "application/vnd.medke.edit-diff.v1+json";
const METRICS = "application/vnd.medke.metrics.v1+json";

interface Output {
  output_type: string;
  data?: Record<string, unknown>;
}

describe("the quickstart without an editor, without a data folder and without pictures from an earlier run", () => {
  let folder: string;
  let page: string;
  let outputs: Output[];
  let stdout: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "medke-quickstart-"));
    const [out, html] = [join(folder, "executed.ipynb"), join(folder, "page.html")];
    const run = await medke(["run", resolve(ROOT, "notebooks/quickstart.ipynb"), "--out", out, "--html", html], {
      cwd: folder,
      env: { MEDKE_DATA: join(folder, "nowhere"), XDG_CACHE_HOME: join(folder, "cache") },
    });
    expect(run.code, run.stderr).to.equal(0);
    stdout = run.stdout;
    page = readFileSync(html, "utf8");
    outputs = JSON.parse(readFileSync(out, "utf8")).cells.flatMap((cell: { outputs?: Output[] }) => cell.outputs ?? []);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("shows first what the phantom world looks like, and that it is invented", () => {
    const [{ data }] = outputs;
    const words = [data!["text/plain"]].flat().join("");
    expect(words).to.match(/invented/);
    for (const modality of MODALITIES) expect(words).to.match(new RegExp(`^${modality}: .+\\?`, "m"));
    expect(page).to.include(`alt="${words.split("\n")[0]}`);
  });

  it("prints a table of editors and metrics with n, base and interval", () => {
    expect(stdout).to.match(/editor +metric +profile +value +base +n +95% interval/);
    for (const editor of ["ft-llm", "rome", "grace"])
      expect(stdout).to.match(new RegExp(`${editor} +reliability +gen-exact +[01]\\.\\d{3} +0\\.000 +20 `));
  });

  it("keeps data, static picture and text of plot and diff in the executed notebook, and no error", () => {
    for (const mime of [METRICS, EDIT_DIFF]) {
      const output = outputs.find((each) => each.data?.[mime])!;
      expect(output.data).to.include.keys("image/png", "text/plain");
      expect(
        Buffer.from(output.data!["image/png"] as string, "base64")
          .subarray(1, 4)
          .toString(),
      ).to.equal("PNG");
    }
    expect(outputs.filter((each) => each.output_type === "error")).to.deep.equal([]);
  });

  it("labels the edits as counterfactual wherever they are shown", () => {
    for (const mime of [METRICS, EDIT_DIFF]) {
      const output = outputs.find((each) => each.data?.[mime])!;
      expect((output.data![mime] as { notice: string }).notice).to.match(/^Counterfactual test edit/);
      expect([output.data!["text/plain"]].flat().join("")).to.include("Counterfactual test edit");
    }
  });

  it("makes a page that needs no network", () => {
    expect(page).to.include(METRICS).and.include(EDIT_DIFF);
    // Resources that a browser would fetch; links in text are not fetched.
    expect(page).to.not.match(/<(?:script|img|iframe)[^>]+src="(?!data:)/);
    expect(page).to.not.match(/<link[^>]+href="(?!data:)/);
  });
});

describe("a notebook that asks for the data folder where there is none", () => {
  it("stops at that cell and says what to do", async () => {
    const folder = mkdtempSync(join(tmpdir(), "medke-empty-"));
    const path = join(folder, "asks.ipynb");
    const source = 'import { dataFolder } from "medke";\ndataFolder();';
    const cell = { cell_type: "code", id: "a", metadata: {}, execution_count: null, outputs: [], source };
    writeFileSync(path, JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    const { code, stderr } = await medke(["run", path], { env: { MEDKE_DATA: join(folder, "nowhere") } });
    rmSync(folder, { recursive: true });
    expect(code).to.equal(1);
    expect(stderr).to.match(/medke: .*asks\.ipynb, Cell 1: .*MEDKE_DATA/s);
    expect(stderr).to.not.match(/\n\s+at .*dist\//);
  });
});
