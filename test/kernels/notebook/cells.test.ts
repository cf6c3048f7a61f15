import { expect } from "chai";
import { TestKernel, type Ran } from "./with-kernel.ts";

const shows = (text: string) => (ran: Ran) => expect(ran.result, ran.error?.message).to.equal(text);
const runs = (ran: Ran) =>
  expect([ran.outcome, ran.result, ran.error?.message]).to.deep.equal(["ok", undefined, undefined]);
const refused = (code: number) => (ran: Ran) => {
  expect(ran.outcome).to.equal("error");
  expect(ran.error?.name).to.equal("TypeScript error");
  expect(ran.error?.message).to.include(`(TS${code})`);
};
const throws = (name: string, message: string) => (ran: Ran) =>
  expect([ran.outcome, ran.error?.name, ran.error?.message]).to.deep.equal(["error", name, message]);

// One notebook, run from top to bottom: later cells see what earlier ones declared.
const CELLS: [what: string, code: string, expected: (ran: Ran) => unknown][] = [
  ["declares values and types", "let x: number = 20; const f = (n: number) => n * 2; interface P { a: number }", runs],
  ["uses them in the next cell", "const p: P = { a: f(x) }; p", shows("{ a: 40 }")],
  [
    "awaits at the top level",
    "x = x + 1; const r = await new Promise<number>((s) => setTimeout(() => s(x), 5)); r",
    shows("21"),
  ],
  ["refuses an unknown property of an earlier value", "p.b", refused(2339)],
  ["lets a name change its type", 'let x = "redeclared"; x.length', shows("10")],
  ["knows the new type", "x.toFixed()", refused(2551)],
  ["uses an earlier name as a shorthand property", "({ x, p })", shows("{ x: 'redeclared', p: { a: 40 } }")],
  ["uses it inside a callback", "[1].map((v) => ({ v, x }))", shows("[ { v: 1, x: 'redeclared' } ]")],
  [
    "reads a member of an awaited value",
    'const t = await (await fetch("data:text/plain,hi")).text(); t',
    shows("'hi'"),
  ],
  [
    "loops over async values",
    "let sum = 0; for await (const v of (async function* () { yield 1; yield 2 })()) sum += v; sum",
    shows("3"),
  ],
  ["refuses a name that exists in browsers only", "document.title", refused(2584)],
  [
    "imports builtins with and without node:",
    'import { readFileSync } from "fs"; import * as path from "node:path"; path.join("a", typeof readFileSync)',
    shows("'a/function'"),
  ],
  ["keeps imports for later cells", 'path.basename("/a/b")', shows("'b'")],
  [
    "declares a class with parameter properties",
    "class A { constructor(public v: number) {} get d() { return this.v * 2; } }; new A(4).d",
    shows("8"),
  ],
  ["uses the class later, as value and type", "const made: A = new A(5); made", shows("A { v: 5 }")],
  ["redeclares the class as a variable", "const A = 3; A", shows("3")],
  ["has forgotten the type of the class", "let z: A", refused(2749)],
  ["redeclares it as a class", "class A { w = 1 }; new A().w", shows("1")],
  ["turns a function into a constant", "function turn() { return 1 } turn()", shows("1")],
  ["and back", "const turn = () => 2; turn()", shows("2")],
  [
    "and back to a function, hoisted above its use",
    "const early = turn(); function turn() { return 3 } early",
    shows("3"),
  ],
  ["declares an enum", "enum E { A, B }; E.B", shows("1")],
  ["uses the enum later", "E[E.A]", shows("'A'")],
  ["redeclares the enum without its old members", 'enum E { C = "c" }; Object.keys(E)', shows("[ 'C' ]")],
  ["inlines no const enum away", "const enum K { One = 1 }", runs],
  ["uses a const enum later", "K.One", shows("1")],
  ["declares a namespace", "namespace N { export const y = 1 }; N.y", shows("1")],
  ["imports dynamically", 'const fs = await import("fs"); typeof fs.readFileSync', shows("'function'")],
  ["imports an ESM package with a top-level await", 'import esm from "esm-package"; esm', shows("'from esm-package'")],
  ["imports a subpath that only the exports map knows", 'import { k } from "mapped/sub"; k', shows("7")],
  ["imports a CommonJS package", 'import cjs from "cjs-package"; cjs.answer', shows("42")],
  ["imports JSON", 'import data from "./data.json"; data.list.length', shows("3")],
  ["knows the type of JSON", "data.nothing", refused(2339)],
  ["imports a package without types", 'import * as untyped from "untyped"; untyped.anything', shows("1")],
  [
    "says how to get a missing package",
    'import x1 from "@scope/absent/deep"',
    (ran) => {
      refused(2307)(ran);
      expect(ran.error?.message).to.include(`run "npm install @scope/absent"`);
    },
  ],
  [
    "imports a package that ships beside the kernel",
    'import { table } from "arquero"; table({ a: [1, 2] }).numRows()',
    shows("2"),
  ],
  [
    "leaves out imported names that are types only",
    'import { k as kk, type Shape, Other } from "mapped/sub"; let o: Other = { n: kk }; o',
    shows("{ n: 7 }"),
  ],
  ["imports a type", 'import type { Stats } from "fs"; let st: Stats | null = null; st', shows("null")],
  ["exports a declaration", "export const zz = 3; export interface Q { q: number }", runs],
  ["uses the exported names", "const q: Q = { q: zz }; q", shows("{ q: 3 }")],
  ["leaves 'export' inside strings alone", "const text = `\nexport const no = 1`; text.length", shows("20")],
  ["exports a list and a default", "const l = 1; export { l, l as m }; export default l + 1", shows("2")],
  ["exports a default class", "export default class Named { v = 1 }", runs],
  ["uses the default class", "new Named().v", shows("1")],
  ["infers generics over earlier types", "function g<T>(a: T) { return [a] } g(p)[0].a", shows("40")],
  [
    "gives the place of the notebook",
    'import.meta.url.startsWith("file:") && import.meta.dirname === process.cwd()',
    shows("true"),
  ],
  ["suggests a near name", "madee", refused(2552)],
  [
    "destructures",
    "const { a: first, ...others } = { a: 1, b: 2 }; const [h, ...tail] = [1, 2, 3]; ({ first, others, h, tail })",
    shows("{ first: 1, others: { b: 2 }, h: 1, tail: [ 2, 3 ] }"),
  ],
  ["assigns by destructuring", '({ x: x } = { x: "new" }); x', shows("'new'")],
  ["narrows unions of earlier types", "type U = P | A; const u: U = new A(); u instanceof A", shows("true")],
  ["shows null", "null", shows("null")],
  ["shows no undefined", "undefined", runs],
  ["shows no result of a void call", "[1].forEach(() => {})", runs],
  ["shows what a promise resolves to", "Promise.resolve({ done: 1 })", shows("{ done: 1 }")],
  ["shows nothing for a promise of nothing", "Promise.resolve()", runs],
  ["shows nothing for a loop", "for (const i of [1, 2]) i", runs],
  ["shows nothing for a declaration", "const nine = 9", runs],
  ["shows a bigint, a symbol, NaN and minus zero", '[10n, Symbol("s"), NaN, -0]', shows("[ 10n, Symbol(s), NaN, -0 ]")],
  ["shows a bigint alone", "2n ** 70n", shows("1180591620717411303424n")],
  ["refuses to assign an earlier constant", "nine = 10", refused(2588)],
  ["redeclares the constant", 'const nine = "nine"; nine', shows("'nine'")],
  ["keeps labels", "outer: for (;;) { for (;;) break outer }", runs],
  ["uses a Map", "new Map([[1, { a: x }]])", shows("Map(1) { 1 => { a: 'new' } }")],
  [
    "disposes of `using` in a block",
    "const log: string[] = []; { using d = { [Symbol.dispose]() { log.push('gone') } }; log.push('here') } log",
    shows("[ 'here', 'gone' ]"),
  ],
  [
    "disposes of `using` at the end of the cell, after its result",
    "using top = { v: 1, [Symbol.dispose]() { log.push('end') } }; top.v",
    shows("1"),
  ],
  ["has disposed of it", "log.at(-1)", shows("'end'")],
  [
    "awaits disposal",
    "await using later = { async [Symbol.asyncDispose]() { await 0; log.push('async end') } };",
    runs,
  ],
  ["has awaited it", "log.at(-1)", shows("'async end'")],
  ["extends global types", "declare global { interface Array<T> { extra?: number } } [1].extra", runs],
  ["keeps the extension for later cells", "[2].extra", runs],
  [
    "decorates classes and methods",
    "const seen: string[] = []; const mark = (_: unknown, c: { name?: string | symbol }) => void seen.push(String(c.name)); @mark class D { @mark m() {} }; seen",
    shows("[ 'm', 'D' ]"),
  ],
  [
    "knows private names and static blocks",
    "class S { static #n = 1; static m = 0; static { S.m = S.#n + 1 } }; S.m",
    shows("2"),
  ],
  ["allows parameters without a type", "function loose(v) { return v.any } loose({ any: 1 })", shows("1")],
  ["lets an empty array grow", 'const list = []; list.push(1, "a"); list', shows("[ 1, 'a' ]")],
  ["repeats var in one cell", "var twice = 1; var twice = 2; twice", shows("2")],
  ["redeclares var as const", "const twice = 3; twice", shows("3")],
  ["declares names of globals", "const fetch = 1; const name = 2; fetch + name", shows("3")],
  ["requires", 'require("node:path").sep.length', shows("1")],
  [
    "holds on to declarations of a cell that fails halfway",
    'const before1 = 1; throw new TypeError("halfway"); const after1 = 2',
    throws("TypeError", "halfway"),
  ],
  ["uses what was declared before the failure", "before1", shows("1")],
  ["says at run time what was not reached", "after1", throws("ReferenceError", "after1 is not defined")],
  ["runs nothing of a cell with a type error", "log.push('never'); p.b", refused(2339)],
  ["ran nothing", "log.includes('never')", shows("false")],
  ["rejects", 'await Promise.reject(new RangeError("no"))', throws("RangeError", "no")],
  ["throws something that is no error", "throw { code: 3 }", throws("Uncaught value", "{ code: 3 }")],
  ["reports a rejection that nobody handles", 'void Promise.reject(new Error("lost"))', throws("Error", "lost")],
  [
    "forgives a rejection that is handled later",
    'const late = Promise.reject(new Error("late")); await new Promise((r) => setTimeout(r, 5)); await late.catch(() => 1)',
    shows("1"),
  ],
  [
    "reports an exception in a timer",
    'setTimeout(() => { throw new Error("timer") }, 1); await new Promise((r) => setTimeout(r, 200))',
    throws("Error", "timer"),
  ],
  ["reports a syntax error", "const = 3", refused(1134)],
  ["reports an open bracket", "function open() {", refused(1005)],
  ["runs an empty cell", "// nothing here", runs],
  ["still answers", "1 + 1", shows("2")],
];

describe("TypeScript cells", () => {
  const kernel = new TestKernel();
  before(async () => {
    const json = (value: object) => JSON.stringify(value);
    kernel.put(
      "node_modules/esm-package/package.json",
      json({ name: "esm-package", type: "module", exports: { types: "./i.d.ts", default: "./i.js" } }),
    );
    kernel.put("node_modules/esm-package/i.js", 'export default await Promise.resolve("from esm-package");');
    kernel.put("node_modules/esm-package/i.d.ts", "declare const s: string; export default s;");
    kernel.put(
      "node_modules/mapped/package.json",
      json({ name: "mapped", type: "module", exports: { "./sub": { types: "./d/sub.d.ts", default: "./d/sub.js" } } }),
    );
    kernel.put("node_modules/mapped/d/sub.js", "export const k = 7;");
    kernel.put(
      "node_modules/mapped/d/sub.d.ts",
      "export declare const k: number; export interface Shape { s: 1 } export interface Other { n: number }",
    );
    kernel.put("node_modules/cjs-package/package.json", json({ name: "cjs-package", main: "m.js" }));
    kernel.put("node_modules/cjs-package/m.js", "module.exports = { answer: 42 };");
    kernel.put("node_modules/cjs-package/m.d.ts", "declare const m: { answer: number }; export = m;");
    kernel.put("node_modules/untyped/package.json", json({ name: "untyped", main: "m.js" }));
    kernel.put("node_modules/untyped/m.js", "exports.anything = 1;");
    kernel.put("data.json", '{ "list": [1, 2, 3] }');
    await kernel.start();
  });
  after(() => kernel.stop());

  for (const [what, code, expected] of CELLS) it(what, async () => void expected(await kernel.run(code)));
});
