import { createWriteStream, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { root } from "./artefact.ts";
import type { CodeServer } from "./code-server.ts";
import { REPORT_PREFIX } from "./suite/report-prefix.ts";

const SECONDS = 240;

/**
 * Runs mocha with `suite/*.test.ts` inside the extension host. Resolves with its exit code; its report goes to the console,
 * what VS Code logs besides to the file `log`.
 */
export async function runSuite(server: CodeServer, browser: Browser, log: string): Promise<number> {
  const built = await buildSuite();
  const window = createWriteStream(log);
  const page = await browser.newPage();
  try {
    const finished = new Promise<number>((resolve) => {
      void page.exposeFunction("codeAutomationExit", resolve);
      setTimeout(resolve, SECONDS * 1000, 124).unref();
    });
    await page.exposeFunction("codeAutomationLog", (_type: string, [text, ...rest]: unknown[]) => {
      if (String(text).startsWith(REPORT_PREFIX)) console.log(`      ${String(text).slice(REPORT_PREFIX.length)}`);
      else
        window.write(`${[text, ...rest].join(" ")}
`);
    });
    const remote = (path: string) => `vscode-remote://${server.authority}${path}`;
    const payload = JSON.stringify([
      ["extensionDevelopmentPath", remote(join(import.meta.dirname, "shim"))],
      ["extensionTestsPath", remote(built)],
      ["skipWelcome", "true"],
    ]);
    await page.goto(`http://${server.authority}/?folder=${server.workspace}&payload=${encodeURIComponent(payload)}`);
    return await finished;
  } finally {
    await page.close();
    window.end();
  }
}

/** VS Code loads test modules as CommonJS. */
async function buildSuite(): Promise<string> {
  const outdir = join(root, "out/e2e-suite");
  rmSync(outdir, { recursive: true, force: true });
  const suite = join(import.meta.dirname, "suite");
  const entryPoints = readdirSync(suite)
    .filter((file) => file === "index.ts" || file.endsWith(".test.ts"))
    .map((file) => join(suite, file));
  const options = { bundle: true, platform: "node", format: "cjs", target: "node20", sourcemap: "inline" } as const;
  await build({
    ...options,
    entryPoints,
    outdir,
    outExtension: { ".js": ".cjs" },
    external: ["vscode", "mocha"],
    logLevel: "warning",
  });
  return join(outdir, "index.cjs");
}
