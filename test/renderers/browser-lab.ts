import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { chromium, type Browser, type Page } from "playwright-core";
import { THEMES, type ThemeName } from "./themes.ts";

const root = join(import.meta.dirname, "../..");

/** Path of a Chromium, or undefined. CHROMIUM names one that is not in the usual place. */
export const browserPath = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => path && existsSync(path));

/** `describe` for tests in a browser: skipped with the reason where none is found, a failure where CI=true. */
export function describeInBrowser(title: string, body: () => void): void {
  if (browserPath) describe(title, body);
  else if (process.env.CI === "true")
    describe(title, () =>
      it("finds a browser", () => {
        throw new Error(
          "No Chromium found. Install it (Debian: apt-get install chromium), or set CHROMIUM to its path.",
        );
      }),
    );
  else describe.skip(`${title} [skipped: no Chromium found; install it or set CHROMIUM to its path]`, body);
}

// What a strict host page allows: no eval, no network, style elements (plotly writes one) and images by value.
const POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; connect-src 'none'";

/** Folders of the renderers, as the build names their scripts. */
const RENDERERS = ["metrics", "edit-diff", "confusion", "curves"] as const;
type RendererName = (typeof RENDERERS)[number];

/** The minimal host: loads the built renderers as a webview does and keeps their interfaces at hand. */
const HOST = `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"></head>
<body style="margin:0"><script type="module">
window.violations = [];
document.addEventListener("securitypolicyviolation", (e) => window.violations.push(e.violatedDirective + " " + e.blockedURI));
const context = { setState() {}, getState() {}, getRenderer: async () => undefined, workspace: { isTrusted: true } };
const apis = {};
for (const name of ${JSON.stringify(RENDERERS)}) apis[name] = await (await import("/" + name + ".js")).activate(context);
window.show = async (name, id, payload) => {
  const element = document.getElementById(id) ?? document.body.appendChild(Object.assign(document.createElement("div"), { id }));
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  await apis[name].renderOutputItem({ id, mime: "", metadata: {}, text: () => text, json: () => JSON.parse(text) }, element, new AbortController().signal);
};
window.drop = (name, id) => apis[name].disposeOutputItem(id);
document.body.dataset.ready = "yes";
</script></body></html>`;

/** A browser with the built renderers, on a loopback port that closes with it. */
export class BrowserLab {
  private constructor(
    private readonly browser: Browser,
    private readonly server: Server,
    private readonly folder: string,
  ) {}

  static async open(): Promise<BrowserLab> {
    const folder = await mkdtemp(join(tmpdir(), "medke-renderers-"));
    const common = {
      absWorkingDir: root,
      bundle: true,
      platform: "browser",
      target: "es2022",
      logLevel: "error",
    } as const;
    await build({
      ...common,
      entryPoints: Object.fromEntries(RENDERERS.map((name) => [name, `renderers/${name}/index.ts`])),
      format: "esm",
      splitting: true,
      outdir: folder,
    });
    await build({ ...common, entryPoints: ["renderers/page.ts"], format: "iife", outfile: join(folder, "page.js") });
    const server = createServer(async (request, response) => {
      const path = new URL(request.url ?? "/", "http://localhost").pathname;
      if (path === "/") return response.setHeader("content-type", "text/html").end(HOST);
      const body = await readFile(join(folder, basename(path))).catch(() => undefined);
      if (!body) return response.writeHead(404).end();
      response.setHeader("content-type", "text/javascript").end(body);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const browser = await chromium.launch({
      executablePath: browserPath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
    return new BrowserLab(browser, server, folder);
  }

  /** The page script's source, as an exported page embeds it. */
  pageScript(): Promise<string> {
    return readFile(join(this.folder, "page.js"), "utf8");
  }

  /** A fresh page with the renderers loaded under one of VS Code's themes. */
  async page(theme: ThemeName, width = 900): Promise<Page> {
    const page = await this.blank(width);
    await page.goto(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`);
    await page.waitForSelector("body[data-ready]", { state: "attached" });
    await setTheme(page, theme);
    return page;
  }

  /** A page without the renderers. */
  async blank(width = 900): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width, height: 900 }, deviceScaleFactor: 1 });
    return context.newPage();
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
    await rm(this.folder, { recursive: true });
  }
}

/** Switches the theme the way VS Code does: variables on the root element, class on the body. */
export const setTheme = (page: Page, name: ThemeName): Promise<void> =>
  page.evaluate(({ body, variables }) => {
    for (const [key, value] of Object.entries(variables)) document.documentElement.style.setProperty(key, value);
    document.body.className = body;
    document.body.style.background = "var(--vscode-editor-background)";
  }, THEMES[name]);

/** Draws a payload in the page, as an output with this id. */
export const show = (page: Page, renderer: RendererName, id: string, payload: unknown): Promise<void> =>
  page.evaluate(
    ([name, key, data]) => (window as unknown as { show: (...a: unknown[]) => Promise<void> }).show(name, key, data),
    [renderer, id, payload] as const,
  );

/** Disposes an output. */
export const drop = (page: Page, renderer: RendererName, id: string): Promise<void> =>
  page.evaluate(([name, key]) => (window as unknown as { drop: (...a: unknown[]) => void }).drop(name, key), [
    renderer,
    id,
  ] as const);

export const violations = (page: Page): Promise<string[]> =>
  page.evaluate(() => (window as unknown as { violations: string[] }).violations);
