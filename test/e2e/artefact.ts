import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");
const sources = [
  "kernels",
  "datasets",
  "extension",
  "renderers",
  "notebooks",
  "build.mjs",
  "package-vsix.mjs",
  "package.json",
  "package-lock.json",
];

/** The package as a user installs it; built and packed first where any source is newer. */
export function freshPackage(): string {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const vsix = join(root, `medke-${process.platform}-${process.arch}-${version}.vsix`);
  if (!existsSync(vsix) || Math.max(...sources.map((path) => changed(join(root, path)))) > changed(vsix)) {
    console.log("    building and packing the extension");
    for (const script of ["build.mjs", "package-vsix.mjs"])
      execFileSync(process.execPath, [script], { cwd: root, stdio: "inherit" });
  }
  return vsix;
}

/** Time of the newest change in a file or folder. */
function changed(path: string): number {
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => changed(join(path, name))));
}
