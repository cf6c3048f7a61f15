import type { INotebookContent, IOutput } from "@jupyterlab/nbformat";
import { expect } from "chai";
import { parseHTML } from "linkedom";
import { createContext, runInContext } from "node:vm";
import { highlight } from "../../../../kernels/notebook/html/highlight.ts";
import { notebookPage } from "../../../../kernels/notebook/html/notebook-page.ts";

const METRICS = "application/vnd.medke.metrics.v1+json";

function page(source: string, outputs: IOutput[], markdown = "", script?: string) {
  const notebook: INotebookContent = {
    cells: [
      { cell_type: "markdown", id: "m", metadata: {}, source: markdown },
      { cell_type: "code", id: "c", metadata: {}, execution_count: 2, source, outputs },
    ],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  };
  const html = notebookPage(notebook, "A <title>", script);
  return { html, document: parseHTML(html).document };
}
const display = (data: Record<string, unknown>): IOutput => ({
  output_type: "display_data",
  metadata: {},
  data: data as never,
});

describe("notebook page", () => {
  it("shows text, code, streams and errors, with everything escaped", () => {
    const { document } = page(
      'const a = "</code><script>alert(1)</script>"; // & <b>',
      [
        { output_type: "stream", name: "stdout", text: ["<script>out</script>\n"] },
        { output_type: "stream", name: "stderr", text: "warn & <i>" },
        { output_type: "error", ename: "E", evalue: "<e>", traceback: ["E: <e>", "    at Cell 1, line 1, column 2"] },
        display({ "text/plain": "<plain>" }),
      ],
      "# Title <b>raw</b>\n\n[link](javascript:alert(1)) ![pic](https://example.org/x.png) <script>alert(2)</script>",
    );
    expect(document.title).to.equal("A <title>");
    expect(document.querySelectorAll("script")).to.have.length(0);
    expect(document.querySelector(".code code")!.textContent).to.equal(
      'const a = "</code><script>alert(1)</script>"; // & <b>',
    );
    expect(document.querySelector("h1")!.textContent).to.equal("Title <b>raw</b>");
    expect(document.querySelector('a[href^="javascript"]')).to.equal(null);
    expect(document.querySelectorAll("section.text img")).to.have.length(0);
    expect([...document.querySelectorAll(".output")].map((output) => output.textContent)).to.deep.equal([
      "<script>out</script>\n",
      "warn & <i>",
      "E: <e>\n    at Cell 1, line 1, column 2",
      "<plain>",
    ]);
  });

  it("makes no request: no address of another file, and a policy that forbids them", () => {
    const { html, document } = page("1", [
      display({ "text/html": '<img src="https://example.org/a.png"><script src="https://example.org/a.js"></script>' }),
      display({
        "image/svg+xml": [
          '<svg xmlns="http://www.w3.org/2000/svg">',
          '<image href="https://example.org/b.png"/></svg>',
        ],
      }),
      display({ "text/markdown": "![x](https://example.org/c.png)" }),
    ]);
    const addresses = [...document.querySelectorAll("[src], link, [data], [poster]")].map(
      (element) => element.getAttribute("src") ?? "",
    );
    expect(addresses.filter((address) => !address.startsWith("data:"))).to.deep.equal([]);
    expect(html).to.include(`content="default-src 'none'; img-src data:`);
    const frame = document.querySelector("iframe")!;
    expect(frame.getAttribute("sandbox")).to.equal("allow-popups");
    expect(frame.getAttribute("srcdoc")).to.include("default-src 'none'");
  });

  it("puts the data of own types beside a picture, and nothing in it can end the script element", () => {
    const data = { title: "</script><script>alert(1)</script><!-- \u2028", rows: [1] };
    const { html, document } = page(
      "1",
      [display({ [METRICS]: data, "image/png": "iVBO\nRw0=", "text/plain": ['a "table"\n', "b"] })],
      "",
      "start()",
    );
    const output = document.querySelector(".medke-output")!;
    expect(output.getAttribute("data-mime")).to.equal(METRICS);
    const script = output.querySelector("script")!;
    expect(script.getAttribute("type")).to.equal(METRICS);
    expect(JSON.parse(script.textContent!)).to.deep.equal(data);
    const picture = output.querySelector("img.medke-fallback")!;
    expect(picture.getAttribute("src")).to.equal("data:image/png;base64,iVBORw0=");
    expect(picture.getAttribute("alt")).to.equal('a "table"\nb');
    expect(html.match(/<\/script>/g)).to.have.length(2);
    expect(document.querySelector("body > script")!.textContent).to.equal("start()");
  });

  it("prefers the SVG picture, and falls back to text where there is no picture", () => {
    const { document } = page("1", [
      display({ [METRICS]: {}, "image/svg+xml": "<svg/>", "image/png": "AA==" }),
      display({ [METRICS]: {}, "text/plain": "only text" }),
    ]);
    const [first, second] = document.querySelectorAll(".medke-output");
    expect(first!.querySelector("img")!.getAttribute("src")).to.match(/^data:image\/svg\+xml;base64,/);
    expect(second!.textContent).to.include("only text");
  });

  it("leaves the script out where nothing needs it", () => {
    expect(page("1", [display({ "text/plain": "x" })], "", "start()").html).to.not.include("start()");
  });

  it("follows the reader's colour scheme", () => {
    expect(page("1", []).html).to.include("prefers-color-scheme: dark");
  });

  it("marks code without changing it", () => {
    const code = 'const s = `a ${1} "b"`; // "x" <y>\n/* if */ let n = 1_000.5e3; f("it\'s", \'\\\'\')';
    const { document } = parseHTML(`<pre>${highlight(code)}</pre>`);
    expect(document.querySelector("pre")!.textContent).to.equal(code);
    expect([...document.querySelectorAll(".comment")].map((e) => e.textContent)).to.deep.equal([
      '// "x" <y>',
      "/* if */",
    ]);
    expect([...document.querySelectorAll(".keyword")].map((e) => e.textContent)).to.deep.equal(["const", "let"]);
  });

  it("keeps the meaning of inlined code, and nothing in it can end the element", () => {
    const codes: [code: string, result: unknown][] = [
      ['result = "</script><!-- x <script>"', "</script><!-- x <script>"],
      ["let a = 1, b = 2; result = [a<! --b, b]", [false, 1]],
      ["result = 1; // <!-- </script>", 1],
      ["result = /<\\!--/.source.length + /<!--/u.source.length", 9],
      ["let a = 1;\nresult = a<!--b\n+ 1", 2],
    ];
    for (const [code, result] of codes) {
      const { html, document } = page("1", [display({ [METRICS]: {} })], "", code);
      expect(html.match(/<\/script>/g)).to.have.length(2);
      expect(html).to.not.include("<!--");
      // What a browser does with a script element that is put into the page.
      const context = createContext({
        result: undefined,
        document: {
          createElement: () => ({ textContent: "" }),
          head: { append: (script: { textContent: string }) => void runInContext(script.textContent, context) },
        },
      });
      runInContext(document.querySelector("body > script")!.textContent!, context);
      expect(JSON.stringify(context.result), code).to.equal(JSON.stringify(result));
    }
  });

  it("writes no execution count that is not a number", () => {
    const notebook = {
      cells: [
        {
          cell_type: "code",
          id: "c",
          metadata: {},
          execution_count: '<img src="x">' as never,
          source: "1",
          outputs: [],
        },
      ],
      metadata: {},
      nbformat: 4,
      nbformat_minor: 5,
    };
    const { document } = parseHTML(notebookPage(notebook, "t"));
    expect(document.querySelectorAll("img")).to.have.length(0);
    expect(document.querySelector(".count")).to.equal(null);
  });

  it("shows the source of formulas, the text of JSON, and the type of what it cannot show", () => {
    const shown = (data: Record<string, unknown>) =>
      page("1", [display(data)]).document.querySelector(".output")!.textContent;
    expect(shown({ "text/latex": ["$\\frac{1}", "{2}$"] })).to.equal("$\\frac{1}{2}$");
    expect(shown({ "application/json": { a: 1 } })).to.equal('{\n "a": 1\n}');
    expect(shown({ "application/pdf": "AA==" })).to.equal("[application/pdf]");
    expect(shown({ "text/plain": "" })).to.equal("");
  });
});
