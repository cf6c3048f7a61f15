import { expect } from "chai";
import * as vscode from "vscode";
import { failingCell, openCells, runCell } from "./notebook-driver.ts";

const set = (name: string, value: string | undefined) =>
  vscode.workspace.getConfiguration("medke").update(name, value, vscode.ConfigurationTarget.Global);

describe("MedKE settings", () => {
  afterEach(async () => {
    for (const name of ["nodePath", "dataFolder", "device"]) await set(name, undefined);
  });

  it("medke.nodePath that cannot be run is named in the cell, and the next try uses the corrected one", async () => {
    await set("nodePath", "/no/such/node");
    const notebook = await openCells("process.execPath");
    expect(await failingCell(notebook, 0))
      .to.contain("medke.nodePath")
      .and.to.contain("/no/such/node");
    await set("nodePath", process.execPath);
    expect(await runCell(notebook, 0)).to.contain(process.execPath);
  });

  it("medke.dataFolder and medke.device reach the kernel", async () => {
    await set("dataFolder", "/some/data");
    await set("device", "cpu");
    const notebook = await openCells("`${process.env.MEDKE_DATA} ${process.env.MEDKE_DEVICE}`");
    expect(await runCell(notebook, 0)).to.contain("/some/data cpu");
  });
});
