import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { findNode, isRecent, NodeBinaryError } from "../../extension/node-binary.ts";

describe("findNode", () => {
  let path: string | undefined;
  beforeEach(() => (path = process.env.PATH));
  afterEach(() => (process.env.PATH = path));

  it("takes the user's choice first", async () => {
    expect(await findNode(process.execPath, "/own")).to.deep.include({ path: process.execPath, env: {} });
  });

  it("names the setting and its value when the user's choice cannot be run or is too old", async () => {
    const error = await findNode("/no/such/node", "/own").catch((error: unknown) => error);
    expect(error).to.be.instanceOf(NodeBinaryError);
    expect((error as Error).message)
      .to.contain("medke.nodePath")
      .and.to.contain("/no/such/node");
    const old = await findNode(program("v18.20.4"), "/own").catch((error: unknown) => error);
    expect((old as Error).message)
      .to.contain("18.20.4")
      .and.to.contain("20.19");
  });

  it("takes the Node on the path, and VS Code's own where that is too old or absent", async () => {
    process.env.PATH = folderWith("v22.1.0");
    expect(await findNode("", "/own")).to.deep.include({ path: "node", env: {} });
    process.env.PATH = folderWith("v20.18.0");
    expect(await findNode("", "/own")).to.deep.include({ path: "/own", env: { ELECTRON_RUN_AS_NODE: "1" } });
    process.env.PATH = mkdtempSync(join(tmpdir(), "medke-empty-"));
    expect((await findNode("", "/own")).reason).to.contain("no Node.js on the path");
  });
});

describe("isRecent", () => {
  it("compares numbers, not text", () => {
    expect(["20.19.0", "20.100.0", "22.0.0", "100.0.0"].map(isRecent)).to.deep.equal([true, true, true, true]);
    expect(["20.18.9", "20.2.0", "9.99.0", ""].map(isRecent)).to.deep.equal([false, false, false, false]);
  });
});

/** A folder whose `node` prints this version. */
function folderWith(version: string): string {
  const folder = mkdtempSync(join(tmpdir(), "medke-node-"));
  writeFileSync(join(folder, "node"), `#!/bin/sh\necho ${version}\n`);
  chmodSync(join(folder, "node"), 0o755);
  return folder;
}

const program = (version: string) => join(folderWith(version), "node");
