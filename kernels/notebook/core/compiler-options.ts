import ts from "typescript";
import { typeRoots } from "./install.ts";

/** How cells and the local modules that they import are read. No DOM: cells run in Node.js, and a misspelt name must not hit `window.name`. */
export const checkOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  customConditions: ["node"],
  moduleDetection: ts.ModuleDetectionKind.Force,
  lib: ["lib.esnext.d.ts"],
  types: typeRoots.length ? ["node"] : [],
  typeRoots,
  strict: true,
  skipLibCheck: true,
  allowJs: true,
  allowImportingTsExtensions: true,
  allowUnreachableCode: true,
  allowUnusedLabels: true,
  resolveJsonModule: true,
  esModuleInterop: true,
  noEmit: true,
};

/** How types are removed. Decorators and `using` are lowered, because Node 20 knows neither. */
export const emitOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  preserveConstEnums: true,
  sourceMap: true,
};
