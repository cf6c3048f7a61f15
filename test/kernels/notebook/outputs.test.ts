import { expect } from "chai";
import { delay, TestKernel, within, type Ran } from "./with-kernel.ts";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** Messages without ids; neighbouring texts of one stream joined, because how they are cut depends on time. */
function sequence({ messages }: Ran): unknown[] {
  const shown: unknown[] = [];
  for (const message of messages) {
    const last = shown.at(-1) as [string, string] | undefined;
    if (message.type === "stream" && last?.[0] === message.name) last[1] += message.text;
    else if (message.type === "stream") shown.push([message.name, message.text]);
    else if (message.type === "error") shown.push(["error", message.error.message]);
    else shown.push([message.type, message.data, ...("displayId" in message ? [message.displayId] : [])]);
  }
  return shown;
}

describe("outputs of cells", () => {
  const kernel = new TestKernel();
  before(() => kernel.start());
  after(() => kernel.stop());

  it("arrive in the order in which the cell made them", async () => {
    const ran = await kernel.run(
      'console.log("a", 1); console.error("b"); process.stdout.write("c"); display({ "text/markdown": "*d*" }); console.log("e"); process.stdout.write(Buffer.from("f\\n")); ({ g: 1 })',
    );
    expect(sequence(ran)).to.deep.equal([
      ["stdout", "a 1\n"],
      ["stderr", "b\n"],
      ["stdout", "c"],
      ["display", { "text/markdown": "*d*" }],
      ["stdout", "e\nf\n"],
      ["result", { "text/plain": "{ g: 1 }" }],
    ]);
  });

  it("come in few messages where a loop prints ten thousand lines", async () => {
    const started = performance.now();
    const ran = await kernel.run("for (let i = 0; i < 10_000; i++) console.log('line', i)");
    expect(ran.stdout.split("\n")).to.have.length(10_001);
    expect(ran.messages.length).to.be.lessThan(200);
    expect(performance.now() - started).to.be.lessThan(5000);
  });

  it("hold no colour codes", async () => {
    expect((await kernel.run('console.log({ a: "x" }, 1); console.log(process.stdout.isTTY)')).stdout).to.equal(
      "{ a: 'x' } 1\nundefined\n",
    );
  });

  it("of work that outlives its cell belong to the last cell", async () => {
    const ran = await kernel.run('void setTimeout(() => console.log("later"), 30);');
    expect(ran.outcome).to.equal("ok");
    await delay(250);
    expect(ran.messages.map((m) => m.type === "stream" && m.text)).to.deep.equal(["later\n"]);
  });

  it("tell an exception in a callback after the cell", async () => {
    const ran = await kernel.run('void setTimeout(() => { throw new Error("too late") }, 10);');
    expect(ran.outcome).to.equal("ok");
    await delay(250);
    expect(sequence(ran)).to.deep.equal([["error", "too late"]]);
    expect((await kernel.run("1")).result).to.equal("1");
  });

  it("show images, values that show themselves, strings and anything else", async () => {
    const ran = await kernel.run(`
      const MIME = Symbol.for("medke.mimeBundle");
      display(Buffer.from("${PNG}", "base64"));
      display({ [MIME]: () => ({ "text/plain": "own", "application/json": { a: 1 } }) });
      display("text");
      display([1, 2]);
      display(new Uint8Array([1, 2]));
      await display({ [MIME]: async () => ({ "text/plain": "async" }) });
      ({ [MIME]: async () => ({ "text/plain": "result", "text/html": "<b>result</b>" }) })`);
    expect(sequence(ran)).to.deep.equal([
      ["display", { "image/png": PNG, "text/plain": "[image/png, 70 bytes]" }],
      ["display", { "text/plain": "own", "application/json": { a: 1 } }],
      ["display", { "text/plain": "text" }],
      ["display", { "text/plain": "[ 1, 2 ]" }],
      ["display", { "text/plain": "Uint8Array(2) [ 1, 2 ]" }],
      ["display", { "text/plain": "async" }],
      ["result", { "text/plain": "result", "text/html": "<b>result</b>" }],
    ]);
  });

  it("wait for a display that nobody awaits, and fail with it", async () => {
    const failing = await kernel.run('display({ [MIME]: async () => { throw new Error("cannot draw") } }); 5');
    expect([failing.outcome, failing.error?.message]).to.deep.equal(["error", "cannot draw"]);
    const slow = await kernel.run(
      'display({ [MIME]: async () => (await new Promise((r) => setTimeout(r, 30)), { "text/plain": "slow" }) });',
    );
    expect(sequence(slow)).to.deep.equal([["display", { "text/plain": "slow" }]]);
  });

  const NOT_SENDABLE: [what: string, code: string][] = [
    ["a display of a function", 'display({ [MIME]: () => ({ "application/json": () => 1 }) });'],
    ["a display of a symbol", 'display({ "application/json": Symbol("s") });'],
    ["a display of a cycle", 'const round: any = {}; round.self = round; display({ "application/json": round });'],
    ["a late display of a function", 'display({ [MIME]: async () => ({ "application/json": () => 1 }) });'],
    ["a result of functions", '({ [MIME]: () => ({ "application/json": () => 1, "text/plain": "f" }) })'],
    ["a bundle that is none", "({ [MIME]: () => undefined })"],
  ];
  for (const [what, code] of NOT_SENDABLE)
    it(`make ${what} an error of the cell that names the trouble`, async () => {
      const ran = await within(5000, kernel.run(code));
      expect([ran.outcome, ran.error?.name]).to.deep.equal(["error", "DisplayError"]);
      expect(ran.error?.message).to.match(/cannot be shown.*Return/s);
      expect((await within(5000, kernel.run("1 + 1"))).result).to.equal("2");
    });

  it("make a display id that is no text an error of the cell", async () => {
    const ran = await within(5000, kernel.run('void display("a", { id: (() => 1) as any });'));
    expect(ran.outcome).to.equal("error");
    expect((await within(5000, kernel.run("1 + 1"))).result).to.equal("2");
  });

  it("carry display ids, so that a later one replaces an earlier one", async () => {
    const ran = await kernel.run('display("one", { id: "d" }); display("two", { id: "d" });');
    expect(sequence(ran)).to.deep.equal([
      ["display", { "text/plain": "one" }, "d"],
      ["display", { "text/plain": "two" }, "d"],
    ]);
  });

  it("offer tslab's display functions", async () => {
    const ran = await kernel.run(`
      import * as tslab from "tslab";
      import { display as show } from "tslab";
      show.html("<i>h</i>"); tslab.display.markdown("m"); tslab.display.svg("<svg/>"); tslab.display.javascript("1"); tslab.display.text("t");
      tslab.display.png(Buffer.from("${PNG}", "base64")); tslab.display.jpeg(new Uint8Array([255])); tslab.display.raw("x/y", "z");
      const own = tslab.newDisplay(); own.text("1"); own.text("2");`);
    expect(sequence(ran)).to.deep.equal([
      ["display", { "text/html": "<i>h</i>" }],
      ["display", { "text/markdown": "m" }],
      ["display", { "image/svg+xml": "<svg/>" }],
      ["display", { "text/javascript": "1" }],
      ["display", { "text/plain": "t" }],
      ["display", { "image/png": PNG }],
      ["display", { "image/jpeg": "/w==" }],
      ["display", { "x/y": "z" }],
      ["display", { "text/plain": "1" }, "tslab-1"],
      ["display", { "text/plain": "2" }, "tslab-1"],
    ]);
  });

  it("show the library's progress a few times, and always its last state", async () => {
    const ran = await kernel.run(`
      const host = (globalThis as any)[Symbol.for("medke.host")];
      for (let i = 1; i <= 1000; i++) host.progress("Editing", i, 1000);
      host.progress("Scoring", 1, 4, "case 1"); host.progress("Scoring", 2, 4, "case 2");`);
    const shown = sequence(ran) as [string, { "text/plain": string }, string][];
    expect(shown.length).to.be.lessThan(8);
    const last = (id: string) => shown.findLast(([, , displayId]) => displayId === id)?.[1]["text/plain"];
    expect(last("progress Editing")).to.equal("Editing [####################] 1000/1000");
    expect(last("progress Scoring")).to.equal("Scoring [##########..........] 2/4 case 2");
  });

  it("tell the host which device was taken", async () => {
    const told = new Promise((resolve) => kernel.client.once("device", resolve));
    await kernel.run('host.device({ device: "cpu", reason: "no adapter" })');
    expect(await told).to.deep.equal({ device: "cpu", reason: "no adapter" });
  });
});
