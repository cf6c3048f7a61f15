import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Browser } from "playwright-core";
import { freshPackage } from "./artefact.ts";
import { findBrowser, openBrowser } from "./browser.ts";
import { startCodeServer } from "./code-server.ts";
import type { CodeServer, ServerOptions } from "./code-server.ts";
import { installHost } from "./install-host.ts";
import { crashKernel } from "./kernel-crash.ts";
import { runQuickstart } from "./quickstart.ts";
import { runSuite } from "./run-suite.ts";

const out = join(import.meta.dirname, "out");
const browserPath = findBrowser();
const blocked =
  process.platform !== "linux" || process.arch !== "x64"
    ? "the VS Code host of this test is for Linux x64"
    : browserPath
      ? undefined
      : "no Chromium found; install one (apt-get install chromium) or set CHROMIUM=/path/to/chromium";

if (blocked && process.env.CI !== "true")
  describe.skip(`the package in a real VS Code [skipped: ${blocked}]`, () => it("runs", () => {}));
else
  describe("the package in a real VS Code", function () {
    this.timeout(600_000);
    let vsix: string;
    let server: CodeServer | undefined;
    let browser: Browser | undefined;

    before("install the host, pack the extension, start the browser", async () => {
      if (blocked) throw new Error(blocked);
      mkdirSync(out, { recursive: true });
      installHost();
      vsix = freshPackage();
      browser = await openBrowser(browserPath!);
    });

    /** Each test has a server, a workspace and settings of its own. */
    const start = async (options: Partial<ServerOptions> = {}) => {
      server = await startCodeServer({ vsix, log: join(out, "server.log"), ...options });
      return server;
    };

    // A failure leaves a picture of what was on the screen.
    afterEach("stop the server", async function () {
      const pages = browser?.contexts().flatMap((context) => context.pages()) ?? [];
      const name = this.currentTest!.title.replaceAll(/\W+/g, "-").slice(0, 40);
      for (const page of pages) {
        if (this.currentTest!.state === "failed")
          await page.screenshot({ path: join(out, `failed-${name}.png`) }).catch(() => undefined);
        await page.close();
      }
      server?.stop();
    });

    after("close the browser", () => browser?.close());

    it("passes the suite inside the extension host", async () => {
      const code = await runSuite(await start({ testDriver: true }), browser!, join(out, "window.log"));
      expect(code, "exit code of the suite").to.equal(0);
    });

    it("says that a killed kernel lost its variables, and restarts it by the message's button", async () =>
      crashKernel(await start(), browser!));

    it("runs the quickstart and draws its pictures, its plot and its edit diff, in light and dark", async () => {
      // Saved while it runs: the test reads the file to see how far the notebook is.
      const settings = { "files.autoSave": "afterDelay", "files.autoSaveDelay": 500 };
      await runQuickstart(await start({ env: { MEDKE_DATA: join(out, "nowhere") }, settings }), browser!, out);
    });
  });
