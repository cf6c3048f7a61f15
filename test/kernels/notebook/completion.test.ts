import { expect } from "chai";
import { TestKernel } from "./with-kernel.ts";

describe("completion and hover", () => {
  const kernel = new TestKernel();
  before(async () => {
    await kernel.start();
    await kernel.run(
      "interface P {\n  alpha: number;\n  /** The second one. */\n  beta: string;\n}\nconst p: P = { alpha: 1, beta: 'b' };\n/** Adds one.\n * Twice. */\nfunction increase<T extends number>(n: T): number { return n + 1 }",
    );
  });
  after(() => kernel.stop());
  const labels = async (code: string) => (await kernel.client.complete(code, code.length)).map((item) => item.label);

  it("offers the members of a value from another cell", async () => {
    expect(await labels("const q = 1; p.")).to.deep.equal(["alpha", "beta"]);
  });

  it("offers names of other cells and globals, with their kinds, but none of the kernel's own", async () => {
    const items = await kernel.client.complete("inc", 3);
    expect(items.find((item) => item.label === "increase")).to.deep.include({ kind: "alias" });
    const all = await labels("");
    expect(all).to.include.members(["p", "increase", "display", "console"]);
    expect(all.filter((label) => label.includes("__medke"))).to.deep.equal([]);
  });

  it("offers files and packages to import", async () => {
    kernel.put("helper.ts", "export const h = 1;");
    expect(await labels('import { h } from "./')).to.deep.equal(["helper.ts"]);
  });

  it("answers within code that does not parse", async () => {
    expect(await labels("if (p.alpha > 1) { p.be")).to.include("beta");
  });

  it("tells signature and documentation of a name from another cell", async () => {
    const info = await kernel.client.hover("increase(1)", 3);
    expect(info.signature).to.include("increase<1>(n: 1): number");
    expect(info.documentation).to.equal("Adds one.\nTwice.");
    expect((await kernel.client.hover("p.beta", 4)).documentation).to.equal("The second one.");
    expect(await kernel.client.hover("  1", 0)).to.deep.equal({});
  });

  it("answers while a cell waits", async () => {
    const waiting = kernel.run("await new Promise((resolve) => setTimeout(resolve, 1500)); 'done'");
    expect(await labels("p.")).to.deep.equal(["alpha", "beta"]);
    expect(kernel.client.busy).to.equal(true);
    expect((await waiting).result).to.equal("'done'");
  });
});
