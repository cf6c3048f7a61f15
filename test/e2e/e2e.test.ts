import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Browser } from "playwright-core";
import { shared } from "../shared-data.ts";
import { freshPackage } from "./artefact.ts";
import { findBrowser, openBrowser } from "./browser.ts";
import { startCodeServer } from "./code-server.ts";
import type { CodeServer } from "./code-server.ts";
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
const data = ["models/vqarad-tiny-vlm", "data/vqa-rad"].filter((path) => !existsSync(shared(path)));

if (blocked && process.env.CI !== "true")
  describe.skip(`the package in a real VS Code [skipped: ${blocked}]`, () => it("runs", () => {}));
else
  describe("the package in a real VS Code", function () {
    this.timeout(600_000);
    let server: CodeServer | undefined;
    let browser: Browser | undefined;

    before("install the host, pack the extension, start both", async () => {
      if (blocked) throw new Error(blocked);
      mkdirSync(out, { recursive: true });
      installHost();
      const env = { MEDKE_DATA: shared() };
      server = await startCodeServer({
        vsix: freshPackage(),
        log: join(out, "server.log"),
        env,
        settings: { "files.autoSave": "afterDelay", "files.autoSaveDelay": 500 },
      });
      browser = await openBrowser(browserPath!);
      process.once("SIGINT", server.stop);
    });

    after("stop both", async () => {
      await browser?.close();
      server?.stop();
    });

    // A failure leaves a picture of what was on the screen.
    afterEach(async function () {
      if (this.currentTest?.state !== "failed") return;
      const pages = browser?.contexts().flatMap((context) => context.pages()) ?? [];
      for (const [i, page] of pages.entries()) {
        await page.screenshot({ path: join(out, `failed-${i}.png`) }).catch(() => undefined);
        await page.close();
      }
    });

    it("passes the suite inside the extension host", async () => {
      expect(await runSuite(server!, browser!, join(out, "window.log")), "exit code of the suite").to.equal(0);
    });

    it("says that a killed kernel lost its variables, and restarts it by the message's button", () =>
      crashKernel(server!, browser!));

    const title = "runs the quickstart and draws its plot and its edit diff, in light and dark";
    if (data.length) it.skip(`${title} [skipped: ${data.join(", ")} not found under ${shared()}; set MEDKE_DATA]`);
    else it(title, () => runQuickstart(server!, browser!, out));
  });
