import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");
const sources = ["kernels", "datasets", "extension", "renderers", "build.mjs", "package.json"];
const packed = ["dist", "notebooks", "package-vsix.mjs", "package-lock.json"];

/** The package as a user installs it; built and packed first where something that goes into it is newer. */
export function freshPackage(): string {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const vsix = `medke-${process.platform}-${process.arch}-${version}.vsix`;
  if (newest(sources) > newest(["dist"])) run("build.mjs");
  if (newest(packed) > newest([vsix])) run("package-vsix.mjs");
  return join(root, vsix);
}

function run(script: string): void {
  execFileSync(process.execPath, [script], { cwd: root, stdio: "inherit" });
}

const newest = (paths: string[]) => Math.max(...paths.map((path) => changed(join(root, path))));

/** Time of the newest change in a file or folder; 0 where there is none. */
function changed(path: string): number {
  if (!existsSync(path)) return 0;
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => changed(join(path, name))));
}
