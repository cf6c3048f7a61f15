import { expect } from "chai";
import { savedMessage, SavedUntitled } from "../../extension/saved-untitled.ts";

describe("SavedUntitled", () => {
  type Notebook = { name: string; cells: string[] };
  let told: string[];
  let noticed: SavedUntitled<Notebook>;
  beforeEach(() => {
    told = [];
    noticed = new SavedUntitled<Notebook>(
      ({ cells }) => cells,
      (untitled, saved) => told.push(savedMessage(untitled.name, saved.name)),
    );
  });
  const untitled = { name: "Untitled-1.ipynb", cells: ["let a = 1\na"] };
  const saved = { name: "study.ipynb", cells: ["let a = 1\r\na"] };

  it("tells what a saved notebook lost, whichever of the two notebooks VS Code reports first", () => {
    noticed.closed(untitled);
    noticed.opened(saved);
    expect(told).to.deep.equal([
      "study.ipynb: a notebook that was saved for the first time gets a fresh kernel in its folder. All variables of Untitled-1.ipynb are lost; run the notebook from the start.",
    ]);
    noticed.opened({ name: "copy.ipynb", cells: untitled.cells });
    noticed.closed(untitled);
    expect(told).to.have.length(2);
  });

  it("says nothing of an untitled notebook that is thrown away, and of another one that is opened", () => {
    noticed.closed(untitled);
    noticed.opened({ name: "other.ipynb", cells: ["let a = 2"] });
    expect(told).to.deep.equal([]);
  });
});
