import type { ICodeCell } from "@jupyterlab/nbformat";
import { expect } from "chai";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NotebookFileError } from "../../../kernels/notebook/ipynb.ts";
import { runNotebook, type CellEvent } from "../../../kernels/notebook/run-notebook.ts";

const code = (source: string, metadata = {}) => ({
  cell_type: "code",
  id: `c${source.length}`,
  metadata,
  execution_count: 9,
  outputs: [],
  source,
});
const text = (source: string) => ({ cell_type: "markdown", id: "m", metadata: {}, source });

describe("runNotebook", () => {
  const folder = mkdtempSync(join(tmpdir(), "medke-test-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const put = (name: string, cells: object[], language = "typescript") => {
    const metadata = { kernelspec: { name: "medke", display_name: "TypeScript", language } };
    writeFileSync(join(folder, name), JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));
    return join(folder, name);
  };
  const inFolder = (name: string) => join(folder, name);

  it("runs every code cell in the notebook's folder and writes notebook and page, the same each time", async () => {
    writeFileSync(inFolder("helper.ts"), "export const four: number = 4;");
    const path = put("good.ipynb", [
      text("# A notebook"),
      code('import { four } from "./helper.ts";\nconsole.log("four is", four);'),
      code(""),
      code("echo not ours", { vscode: { languageId: "shellscript" } }),
      code(
        'display({ "application/vnd.medke.metrics.v1+json": { rows: [four] }, "image/png": "AA==", "text/plain": "plot" }); four * 2',
      ),
    ]);
    const events: CellEvent[] = [];
    const result = await runNotebook({
      path,
      out: inFolder("out/a.ipynb"),
      html: inFolder("out/a.html"),
      onCell: (event) => events.push(event),
    });
    expect(result.failure).to.equal(undefined);
    expect([result.ok, result.ran, result.total]).to.deep.equal([true, 4, 4]);
    expect(events.map(({ type, label }) => `${label} ${type}`)).to.deep.equal([
      "Cell 1 start",
      "Cell 1 message",
      "Cell 1 end",
      "Cell 4 start",
      "Cell 4 message",
      "Cell 4 message",
      "Cell 4 end",
    ]);
    const cells = (JSON.parse(readFileSync(inFolder("out/a.ipynb"), "utf8")) as { cells: ICodeCell[] }).cells;
    expect(cells.map((cell) => cell.execution_count)).to.deep.equal([undefined, 1, null, null, 4]);
    expect(cells[1]!.outputs).to.deep.equal([{ output_type: "stream", name: "stdout", text: ["four is 4\n"] }]);
    expect(cells[4]!.outputs.map((output) => output.output_type)).to.deep.equal(["display_data", "execute_result"]);

    const html = readFileSync(inFolder("out/a.html"), "utf8");
    expect(html)
      .to.include("<h1>A notebook</h1>")
      .and.to.include("four is 4")
      .and.to.include('data-mime="application/vnd.medke.metrics.v1+json"');

    await runNotebook({ path, out: inFolder("out/b.ipynb"), html: inFolder("out/b.html") });
    expect(readFileSync(inFolder("out/b.ipynb"), "utf8")).to.equal(readFileSync(inFolder("out/a.ipynb"), "utf8"));
    expect(readFileSync(inFolder("out/b.html"), "utf8").replace("<title>b", "<title>a")).to.equal(html);
  });

  it("stops at the first failing cell, says which and why, and writes what there is", async () => {
    const path = put("bad.ipynb", [code("const a = 1; a"), code("\na.nothing"), code('console.log("never")')]);
    const result = await runNotebook({ path, out: inFolder("bad-out.ipynb") });
    expect([result.ok, result.ran, result.total]).to.deep.equal([false, 2, 3]);
    expect(result.failure?.cell).to.equal("Cell 2");
    expect(result.failure?.error.message).to.equal(
      "Cell 2, line 2, column 3: Property 'nothing' does not exist on type 'number'. (TS2339)".replace(
        "'number'",
        "'1'",
      ),
    );
    const cells = (JSON.parse(readFileSync(inFolder("bad-out.ipynb"), "utf8")) as { cells: ICodeCell[] }).cells;
    expect(cells.map((cell) => cell.outputs.map((output) => output.output_type))).to.deep.equal([
      ["execute_result"],
      ["error"],
      [],
    ]);
  });

  it("ends when it is told to", async () => {
    const path = put("endless.ipynb", [code("while (true) await new Promise((r) => setTimeout(r, 10))"), code("1")]);
    const abort = new AbortController();
    const result = await runNotebook({
      path,
      signal: abort.signal,
      onCell: ({ type }) => type === "start" && setTimeout(() => abort.abort(), 1500),
    });
    expect([result.ok, result.ran, result.failure?.outcome]).to.deep.equal([false, 1, "interrupted"]);
  });

  it("refuses a notebook in another language, and writes nothing", async () => {
    const path = put("python.ipynb", [code("print(1)")], "python");
    const error = await runNotebook({ path, out: inFolder("no.ipynb") }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(NotebookFileError);
    expect(String(error)).to.include("a python notebook");
    expect(existsSync(inFolder("no.ipynb"))).to.equal(false);
  });
});
