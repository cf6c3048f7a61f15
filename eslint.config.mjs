import { dirname, relative, resolve } from "node:path";
import js from "@eslint/js";
import ts from "typescript-eslint";

// Who may import whom: every layer sees only what stands left of it.
const foundation = [
  "./kernels/errors.ts",
  "./kernels/host.ts",
  "./kernels/nearest-name.ts",
  "./kernels/numpy-random.ts",
  "./kernels/random.ts",
  "./kernels/start-worker.ts",
  "./kernels/tensor.ts",
];
const layers = ["onnx", "runtime", "models", "editors", "evaluation", "runs"].map((name) => `./kernels/${name}`);
const display = "./kernels/display";
const zone = (target, forbidden, message) => forbidden.map((from) => ({ target, from, message }));
const hosts = [
  "./kernels/notebook",
  "./kernels/commands",
  "./kernels/load-cases.ts",
  "./kernels/index.ts",
  "./kernels/cli.ts",
  "./extension",
  "./renderers",
];

const zones = [
  ...layers.flatMap((layer, i) =>
    zone(
      layer,
      [...layers.slice(i + 1), display, ...hosts],
      "an import only points to the left (onnx, runtime, models, editors, evaluation, runs)",
    ),
  ),
  ...zone("./datasets", [...layers, display, ...hosts], "datasets know nothing of models"),
  ...zone(
    display,
    ["./kernels/onnx", "./kernels/runtime", "./kernels/models", "./kernels/editors", "./kernels/runs", ...hosts],
    "display knows results, not models",
  ),
  ...zone(
    "./renderers",
    [...layers, "./kernels/notebook", "./kernels/index.ts", "./kernels/cli.ts", "./extension", "./datasets"],
    "renderers see display payloads only",
  ),
  ...zone(
    "./extension",
    [...layers, "./kernels/index.ts", "./kernels/cli.ts", "./renderers", "./datasets"],
    "the extension host sees the kernel's protocol and display payloads only",
  ),
  ...foundation.flatMap((file) =>
    zone(file, [...layers, display, ...hosts, "./datasets"], "the foundation imports no layer"),
  ),
];

// A rule of our own, because the plugins that have one resolve modules through native packages, and
// relative imports with extensions need no resolver.
const inside = (path, zone) =>
  path === resolve(import.meta.dirname, zone) || path.startsWith(`${resolve(import.meta.dirname, zone)}/`);
const layerRule = {
  meta: { type: "problem", schema: [] },
  create(context) {
    const check = (node) => {
      const spec = node.source?.value;
      if (typeof spec !== "string" || !spec.startsWith(".")) return;
      const target = resolve(dirname(context.filename), spec);
      const broken = zones.find((zone) => inside(context.filename, zone.target) && inside(target, zone.from));
      if (!broken) return;
      const name = relative(import.meta.dirname, target);
      context.report({ node: node.source, message: `${name} may not be imported here: ${broken.message}.` });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

export default ts.config(
  { ignores: ["dist", "out", "coverage", "node_modules", "test/e2e/host/node_modules", "test/e2e/out"] },
  js.configs.recommended,
  ...ts.configs.recommended,
  {
    plugins: { medke: { rules: { layers: layerRule } } },
    rules: {
      "medke/layers": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": "error",
      "no-console": "error",
    },
  },
  {
    files: ["kernels/**/*.ts", "renderers/**/*.ts", "datasets/**/*.ts"],
    rules: { "no-restricted-imports": ["error", { paths: ["vscode"] }] },
  },
  {
    files: ["kernels/**/*.ts", "datasets/**/*.ts", "extension/**/*.ts"],
    rules: { "no-restricted-globals": ["error", "window", "document", "localStorage"] },
  },
  // Command line, build and test scripts talk through the console; chai's assertions are expressions.
  {
    files: ["kernels/cli.ts", "*.mjs", "test/**/*"],
    rules: { "no-console": "off", "@typescript-eslint/no-unused-expressions": "off" },
    languageOptions: {
      globals: { process: "readonly", console: "readonly", URL: "readonly", setTimeout: "readonly", fetch: "readonly" },
    },
  },
);
