import { expect } from "chai";
import { readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { TestKernel } from "./with-kernel.ts";

describe("local modules of a notebook", () => {
  const kernel = new TestKernel();
  before(() => kernel.start());
  after(() => kernel.stop());
  const result = async (code: string) => {
    const { result, error } = await kernel.run(code);
    return error ? `${error.name}: ${error.message}` : result;
  };

  it("imports TypeScript files that import each other, in a cycle too", async () => {
    kernel.put(
      "lib/even.ts",
      'import { odd } from "./odd"; export function even(n: number): boolean { return n === 0 || odd(n - 1); }',
    );
    kernel.put(
      "lib/odd.ts",
      'import { even } from "./even.ts"; export function odd(n: number): boolean { return n !== 0 && even(n - 1); }',
    );
    expect(await result('import { even } from "./lib/even"; even(10)')).to.equal("true");
  });

  it("runs an edited file, and those that import it, when the cell is run again", async () => {
    kernel.put("base.ts", "export const n: number = 1; export const made = Math.random();");
    kernel.put("top.ts", 'import { n } from "./base.ts"; export const twice = 2 * n;');
    kernel.put("apart.ts", "export const made = Math.random();");
    const cell = 'import { twice } from "./top.ts"; import { made } from "./apart.ts"; [twice, made]';
    const first = await result(cell);
    expect(first).to.match(/^\[ 2, /);
    expect(await result(cell), "unchanged files keep their state").to.equal(first);
    kernel.put("base.ts", "export const n: number = 21; export const made = 0;");
    expect(await result(cell)).to.equal(first!.replace("[ 2,", "[ 42,"));
  });

  it("knows an edited file's new types", async () => {
    kernel.put("shape.ts", "export const shape = { a: 1 };");
    expect(await result('import { shape } from "./shape.ts"; shape.a')).to.equal("1");
    kernel.put("shape.ts", "export const shape = { b: 22 };");
    utimesSync(join(kernel.folder, "shape.ts"), new Date(), new Date(Date.now() + 5000));
    expect(await result('import { shape } from "./shape.ts"; shape.a')).to.match(/TS2551|TS2339/);
    expect(await result('import { shape } from "./shape.ts"; shape.b')).to.equal("22");
  });

  it("gives local files packages, JSON, builtins, dynamic imports and their own place", async () => {
    kernel.put("deep/values.json", '{ "v": 5 }');
    kernel.put("deep/plain.js", "export const plain = 6;");
    kernel.put("deep/other.ts", "export const other: number = 7;");
    kernel.put(
      "deep/all.ts",
      `import { table } from "arquero";
       import { sep } from "node:path";
       import values from "./values.json";
       import { plain } from "./plain.js";
       import type { Stats } from "node:fs";
       export const all = async (_?: Stats) =>
         [table({ a: [1] }).numRows(), sep.length, values.v, plain, (await import("./other.ts")).other, import.meta.filename.endsWith("deep/all.ts")];`,
    );
    expect(await result('import { all } from "./deep/all.ts"; await all()')).to.equal("[ 1, 1, 5, 6, 7, true ]");
  });

  it("tells syntax errors with file, line and column, and recovers", async () => {
    kernel.put("broken.ts", "export const a = 1;\nexport const = 2;\n");
    expect(await result('await import("./broken.ts")')).to.match(
      /^LocalModuleError: broken\.ts, line 2, column 14: .*\(TS1134\)/,
    );
    kernel.put("broken.ts", "export const a = 1;\nexport const b = 2;\n");
    expect(await result('(await import("./broken.ts")).b')).to.equal("2");
  });

  it("loads a module again whose first import threw", async () => {
    kernel.put("fails.ts", 'if (!(globalThis as any).ready) throw new Error("not ready"); export const ok = 1;');
    expect(await result('import { ok } from "./fails.ts"; ok')).to.equal("Error: not ready");
    expect(await result('(globalThis as any).ready = 1; import("./fails.ts").then((m) => m.ok)')).to.equal("1");
  });

  it("names a missing file and the folder", async () => {
    expect(await result('const where = "./absent.ts"; await import(where)')).to.match(
      /^LocalModuleError: import "\.\/absent\.ts": no such file in /,
    );
  });

  it("leaves nothing in the user's folder", () => {
    const own = ["apart.ts", "base.ts", "broken.ts", "deep", "fails.ts", "lib", "shape.ts", "top.ts"];
    expect(readdirSync(kernel.folder).sort()).to.deep.equal(own);
  });
});
