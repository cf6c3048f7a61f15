// node package-vsix.mjs   Stages the built extension with its run-time packages for this platform and writes medke-<platform>-<version>.vsix.
// Run build.mjs first. Below the manifest everything lies in app/, laid out as npm would install it (dist, notebooks, node_modules),
// because vsce leaves a node_modules beside the manifest out. The staged out/vsix/app also runs by itself: `node out/vsix/app/dist/cli.js`.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

const root = import.meta.dirname;
const stage = join(root, "out/vsix");
const app = join(stage, "app");
const platform = `${process.platform}-${process.arch}`;
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));

if (!existsSync(join(root, "dist/extension.cjs"))) {
  console.error("package-vsix: dist/extension.cjs is missing. Run `npm run build` first.");
  process.exit(1);
}

// Never loaded by the kernel: browser builds, and what only an install script needs.
const unused = new Set(["onnxruntime-web", "adm-zip", "global-agent"]);
// Needed for checking cells although nothing imports them.
const types = ["@types/node"];

// What to keep of the large packages; of all others everything but documents, tests and source maps is kept.
const keep = {
  typescript: (file) => /^(package\.json|LICENSE\.txt|lib\/(typescript\.js|lib\..*\.d\.ts|lib\.d\.ts))$/.test(file),
  "@huggingface/transformers": (file) =>
    /^(package\.json|LICENSE|types\/.*\.d\.ts|dist\/transformers\.node\.mjs)$/.test(file),
  "onnxruntime-node": (file) =>
    /^(package\.json|LICENSE|dist\/)/.test(file) || file.startsWith(`bin/napi-v6/${process.platform}/${process.arch}/`),
  "onnxruntime-common": (file) => /^(package\.json|LICENSE|dist\/)/.test(file) && !file.endsWith(".map"),
};
const ordinary = (file) =>
  !/\.map$|^(docs?|tests?|__tests__|examples?|benchmarks?|\.github)\//i.test(file) &&
  !/^(?!license|notice).*\.md$/i.test(file);

/** Folders (relative to the root) of the packages that `dependencies` reach, found as Node finds them: the nearest node_modules first. */
function closure() {
  const found = new Set();
  const visit = (from, name) => {
    if (unused.has(name)) return;
    for (let base = from; ; base = dirname(base)) {
      const folder = join(base === "." ? "" : base, "node_modules", name);
      const entry = packages[folder.split(sep).join("/")];
      // Packages for other platforms stand in the lock file without being installed.
      if (entry && existsSync(join(root, folder))) {
        if (found.has(folder)) return;
        found.add(folder);
        for (const next of Object.keys({
          ...entry.dependencies,
          ...entry.optionalDependencies,
          ...entry.peerDependencies,
        }))
          visit(folder, next);
        return;
      }
      if (base === ".") return;
    }
  };
  for (const name of [...Object.keys(manifest.dependencies), ...types]) visit(".", name);
  return [...found].sort();
}

/** Copies one package; packages nested in it are in the closure by themselves, if they are needed. */
function copyPackage(folder) {
  const source = join(root, folder);
  const name = folder.split(sep).join("/").split("node_modules/").at(-1);
  const wanted = keep[name] ?? ordinary;
  cpSync(source, join(app, folder), {
    recursive: true,
    filter: (path) => {
      const file = relative(source, path).split(sep).join("/");
      if (file === "" || statSync(path).isDirectory()) return !/(^|\/)node_modules$/.test(file);
      return wanted(file);
    },
  });
}

rmSync(stage, { recursive: true, force: true });
mkdirSync(app, { recursive: true });
for (const file of ["README.md", "LICENSE", "CHANGELOG.md"])
  if (existsSync(join(root, file))) cpSync(join(root, file), join(stage, file));
for (const folder of ["dist", "notebooks"])
  cpSync(join(root, folder), join(app, folder), { recursive: true, filter: (path) => !path.endsWith(".map") });
const copied = closure();
copied.forEach(copyPackage);

const { scripts: _scripts, devDependencies: _dev, overrides: _overrides, files: _files, ...published } = manifest;
writeFileSync(join(app, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
writeFileSync(
  join(stage, "package.json"),
  `${JSON.stringify(published, null, 2).replaceAll('"./dist/', '"./app/dist/')}\n`,
);
// Everything that was staged is wanted; without this file vsce warns that nothing was left out.
writeFileSync(join(stage, ".vscodeignore"), "");

const vsix = join(root, `medke-${platform}-${manifest.version}.vsix`);
rmSync(vsix, { force: true });
const vsce = join(root, "node_modules/@vscode/vsce/vsce");
const options = [
  "--no-dependencies",
  "--allow-missing-repository",
  "--no-rewrite-relative-links",
  "--target",
  platform,
];
execFileSync(process.execPath, [vsce, "package", ...options, "--out", vsix], {
  cwd: stage,
  // Its warnings ask for bundling what cannot be bundled: native add-ons and packages that cells import. Errors come with the exception.
  stdio: ["ignore", "ignore", "pipe"],
});
console.log(`${relative(root, vsix)}: ${(statSync(vsix).size / 1e6).toFixed(1)} MB, ${copied.length} packages`);
