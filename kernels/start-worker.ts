import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * Starts the worker thread `name` ("session-worker") that lies beside `here` (the caller's import.meta.url).
 *
 * In the build that is a .js file. Run from source it is TypeScript, and the loader must be registered inside the thread first:
 * `--import tsx` is inherited but takes no effect in worker threads on Node 20.
 */
export function startWorker(name: string, here: string, options: WorkerOptions = {}): Worker {
  if (!here.endsWith(".ts")) return new Worker(new URL(`./${name}.js`, here), options);
  const source = new URL(`./${name}.ts`, here).href;
  // By path: `resolve` from a CommonJS caller (mocha) would pick tsx's CommonJS entry, whose hooks cannot be registered from here.
  const loader = new URL("./dist/esm/api/index.mjs", pathToFileURL(createRequire(here).resolve("tsx/package.json")))
    .href;
  const code = `import { register } from ${JSON.stringify(loader)}; register(); await import(${JSON.stringify(source)});`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), options);
}
