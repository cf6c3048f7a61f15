import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { describeWithShared, shared } from "../shared-data.ts";
import { medke } from "./medke.ts";

const EDIT_DIFF = "application/vnd.medke.edit-diff.v1+json";
const METRICS = "application/vnd.medke.metrics.v1+json";

interface Output {
  output_type: string;
  data?: Record<string, unknown>;
}

describeWithShared("the quickstart without an editor", ["models/vqarad-tiny-vlm", "data/vqa-rad"], () => {
  let folder: string;
  let page: string;
  let outputs: Output[];
  let stdout: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "medke-quickstart-"));
    const [out, html] = [join(folder, "executed.ipynb"), join(folder, "page.html")];
    const run = await medke(["run", "notebooks/quickstart.ipynb", "--out", out, "--html", html], {
      env: { MEDKE_DATA: shared() },
    });
    expect(run.code, run.stderr).to.equal(0);
    stdout = run.stdout;
    page = readFileSync(html, "utf8");
    outputs = JSON.parse(readFileSync(out, "utf8")).cells.flatMap((cell: { outputs?: Output[] }) => cell.outputs ?? []);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("prints a table of editors and metrics with n, base and interval", () => {
    expect(stdout).to.match(/editor +metric +profile +value +base +n +95% interval/);
    for (const editor of ["ft-llm", "ike"])
      expect(stdout).to.match(new RegExp(`${editor} +reliability +gen-exact +[01]\\.\\d{3} +0\\.000 +12 `));
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

describe("the quickstart without a data folder", () => {
  it("stops at the first cell that needs it and says what to do", async () => {
    const empty = mkdtempSync(join(tmpdir(), "medke-empty-"));
    const { code, stderr } = await medke(["run", "notebooks/quickstart.ipynb"], {
      env: { MEDKE_DATA: join(empty, "nowhere") },
    });
    rmSync(empty, { recursive: true });
    expect(code).to.equal(1);
    expect(stderr).to.match(/medke: notebooks\/quickstart\.ipynb, Cell 1: .*MEDKE_DATA/s);
    expect(stderr).to.not.match(/\n\s+at .*dist\//);
  });
});
