import { expect } from "chai";
import { delay, TestKernel } from "./with-kernel.ts";

// Each case keeps the kernel busy in another way; after the interrupt the variables must still be there.
const STOPPED_BY_FLAG: Record<string, string> = {
  "a loop": "while (true) {}",
  "a loop in a function": "function spin() { for (;;) {} } spin()",
  "a loop after an await": "await Promise.resolve(1); for (;;) {}",
  "a loop after a timer": "await new Promise((r) => setTimeout(r, 10)); for (;;) {}",
  "a loop in an async function": "const af = async () => { await 0; let i = 0; while (true) i++; }; await af()",
  "a loop after file access": 'import { readFile } from "node:fs/promises"; await readFile("spin.ts"); for (;;) {}',
  "a loop in a local module": 'import { spin as s2 } from "./spin.ts"; s2()',
  "a loop at the top of a local module": 'await import("./spinning.ts")',
  "a loop in a callback of a built-in": "[1].forEach(() => { for (;;) {} })",
  "a loop inside a catch-all": "while (true) { try { for (;;) {} } catch {} }",
  "a loop in a generator": "function* g() { let i = 0; while (true) yield i++; } for (const v of g()) void v;",
  "a loop in a timer callback": "setTimeout(() => { for (;;) {} }, 20); await new Promise((r) => setTimeout(r, 60000))",
  "a promise that never settles": "await new Promise(() => {})",
  "a loop while async hooks are active":
    'import { createHook } from "node:async_hooks"; const hook = createHook({ init() {} }).enable(); await 0; for (;;) {}',
};

describe("interrupting a cell", () => {
  const kernel = new TestKernel();
  before(async () => {
    kernel.put("spin.ts", "export function spin(): void { for (;;) {} }\n");
    kernel.put("spinning.ts", "export {}; for (;;) {}\n");
    await kernel.start();
    await kernel.run("let a = 7; let n = 0");
  });
  after(() => kernel.stop());

  /** Interrupts a cell a moment after its code has begun, not while it is still being checked. */
  async function interrupted(code: string, afterMs = 60) {
    const running = kernel.run(`console.log("begun"); ${code}`);
    await kernel.says("begun");
    await delay(afterMs);
    const outcome = await kernel.client.interrupt();
    return { outcome, ran: await running };
  }

  for (const [name, code] of Object.entries(STOPPED_BY_FLAG))
    it(`stops ${name} and keeps the variables`, async () => {
      const { outcome, ran } = await interrupted(code);
      expect(outcome).to.equal("stopped");
      expect(ran.outcome).to.equal("interrupted");
      expect(ran.error?.name).to.equal("Interrupted");
      expect((await kernel.run("a")).result).to.equal("7");
    });

  it("tells library work through the host's signal", async () => {
    const wait = `await new Promise((_, reject) => {
      const { signal } = (globalThis as any)[Symbol.for("medke.host")];
      signal.addEventListener("abort", () => { n = 1; reject(signal.reason); });
    })`;
    const { ran } = await interrupted(wait);
    expect(ran.outcome).to.equal("interrupted");
    expect((await kernel.run("n")).result).to.equal("1");
  });

  it("ends an endless loop of awaits for good, although later cells run", async () => {
    await interrupted("n = 0; while (true) { await new Promise((r) => setTimeout(r, 50)); n++; }", 300);
    await kernel.run("await new Promise((r) => setTimeout(r, 120)); n = 1000");
    await delay(150);
    expect((await kernel.run("n")).result).to.equal("1000");
  });

  it("lets later cells call a function that an interrupted cell defined", async () => {
    await interrupted(
      "function sum(k: number) { let s = 0; for (let i = 0; i < k; i++) s += i; return s; } for (;;) sum(10)",
    );
    expect((await kernel.run("sum(4)")).result).to.equal("6");
  });

  it("cuts off a loop that carries no flag after a second", async () => {
    const { outcome, ran } = await interrupted('new Function("for (;;) {}")()');
    expect(outcome).to.equal("stopped");
    expect(ran.outcome).to.equal("interrupted");
    expect((await kernel.run("a")).result).to.equal("7");
  });

  it("drops the cells that wait behind the interrupted one", async () => {
    const running = kernel.run('console.log("begun"); for (;;) {}');
    const waiting = kernel.run("a = 8");
    await kernel.says("begun");
    await kernel.client.interrupt();
    expect((await running).outcome).to.equal("interrupted");
    expect((await waiting).outcome).to.equal("interrupted");
    expect((await kernel.run("a")).result).to.equal("7");
  });

  it("does nothing while no cell runs", async () => {
    expect(await kernel.client.interrupt()).to.equal("idle");
    expect((await kernel.run("for (const x of [1]) a += x - 1; a")).result).to.equal("7");
  });

  it("restarts a kernel that nothing else stops, and says that the variables are lost", async () => {
    const { outcome, ran } = await interrupted(
      'import { execSync } from "node:child_process"; execSync("sleep 9", { stdio: "ignore" })',
    );
    expect(outcome).to.equal("restarted");
    expect(ran.error?.message).to.match(/restarted.*variables are lost/);
    expect((await kernel.run("typeof (globalThis as any).a")).result).to.equal("'undefined'");
    expect((await kernel.run("1 + 1")).result).to.equal("2");
  });
});
