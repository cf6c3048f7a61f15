// node build.mjs   Builds dist/: library, command, kernel process, extension, renderers, the page script, embedded weights and types.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { build } from "esbuild";

const root = import.meta.dirname;
const { dependencies } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
const only = (entries) =>
  Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(`${root}/${file}`)));

rmSync(`${root}/dist`, { recursive: true, force: true });
const shared = { absWorkingDir: root, bundle: true, logLevel: "warning", sourcemap: true, legalComments: "none" };

// One split build, so that the library, the command and the kernel share their modules (and with them classes and symbols).
await build({
  ...shared,
  entryPoints: only({
    index: "kernels/index.ts",
    cli: "kernels/cli.ts",
    "session-worker": "kernels/runtime/session-worker.ts",
    kernel: "kernels/notebook/process.ts",
    "interrupt-worker": "kernels/notebook/interrupt-worker.ts",
    "image-worker": "datasets/images/thread/image-worker.ts",
  }),
  platform: "node",
  format: "esm",
  target: "node20",
  splitting: true,
  chunkNames: "chunk-[hash]",
  outdir: "dist",
  external: Object.keys(dependencies),
});

if (existsSync(`${root}/extension/extension.ts`))
  await build({
    ...shared,
    entryPoints: ["extension/extension.ts"],
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode"],
    outfile: "dist/extension.cjs",
  });

// Embedded weights, where kernels/models/embedded-models.ts looks for them.
for (const [name, folder] of Object.entries(
  only({ phantom: "kernels/models/phantom/weights", "phantom-retrieval": "kernels/models/phantom/retrieval/weights" }),
))
  cpSync(`${root}/${folder}`, `${root}/dist/models/${name}`, { recursive: true });

const browser = { ...shared, platform: "browser", target: "es2022", minify: true, sourcemap: false };
const renderers = only({
  metrics: "renderers/metrics/index.ts",
  "edit-diff": "renderers/edit-diff/index.ts",
  confusion: "renderers/confusion/index.ts",
  curves: "renderers/curves/index.ts",
});
// Plotly becomes a chunk that is fetched when the first plot is drawn.
if (Object.keys(renderers).length)
  await build({
    ...browser,
    entryPoints: renderers,
    format: "esm",
    splitting: true,
    chunkNames: "chunk-[hash]",
    outdir: "dist/renderers",
  });
// The same renderers as one script for exported pages, which must work from a file without a network.
if (existsSync(`${root}/renderers/page.ts`))
  await build({ ...browser, entryPoints: ["renderers/page.ts"], format: "iife", outfile: "dist/page.js" });

if (existsSync(`${root}/tsconfig.types.json`))
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.types.json"], {
    cwd: root,
    stdio: "inherit",
  });
