import { expect } from "chai";
import { EDITOR_COLOURS, editorLooks, editorStyle } from "../../../kernels/display/editor-style.ts";
import { contrast } from "../../renderers/contrast.ts";
import { colourDistance, SIGHTS } from "./colour-distance.ts";

const styles = Array.from({ length: 56 }, (_, index) => editorStyle(index));

describe("editorStyle", () => {
  it("tells 56 editors apart, and neighbours by hatching, dash and mark as well as by colour", () => {
    expect(new Set(styles.map(({ colour, hatch }) => colour + hatch)).size).to.equal(56);
    expect(new Set(styles.map(({ line, marker }) => line.light + marker)).size).to.equal(56);
    for (let i = 1; i < styles.length; i++)
      for (const part of ["colour", "hatch", "dash", "marker"] as const)
        expect(styles[i][part], `${part} of ${i}`).to.not.equal(styles[i - 1][part]);
  });

  for (const ground of ["light", "dark"] as const)
    for (const sight of SIGHTS)
      it(`has curves on ${ground} ground that differ at a glance with ${sight} vision`, () => {
        const lines = styles.slice(0, EDITOR_COLOURS).map(({ line }) => line[ground]);
        for (const [i, a] of lines.entries())
          for (const b of lines.slice(i + 1)) expect(colourDistance(a, b, sight), `${a} and ${b}`).to.be.at.least(9);
      });

  it("gives ten curves a colour of their own, or another dash and another mark", () => {
    const ten = styles.slice(0, 10);
    for (const [i, a] of ten.entries())
      for (const b of ten.slice(i + 1))
        if (a.line.light === b.line.light) {
          expect(a.dash).to.not.equal(b.dash);
          expect(a.marker).to.not.equal(b.marker);
        }
    expect(new Set(ten.map(({ line, dash }) => line.light + dash)).size).to.equal(10);
  });

  it("draws curves that stand out from their ground", () => {
    for (const { line } of styles.slice(0, EDITOR_COLOURS)) {
      expect(contrast(line.light, "#ffffff"), line.light).to.be.at.least(3);
      for (const ground of ["#1f1f1f", "#000000"]) expect(contrast(line.dark, ground), line.dark).to.be.at.least(3);
    }
  });
});

describe("editorLooks", () => {
  it("goes by name, whatever the order", () => {
    expect(editorLooks(["rome", "ft-m", "wise"])).to.deep.equal([1, 0, 2]);
    expect(editorLooks(["wise", "rome", "ft-m"])).to.deep.equal([2, 1, 0]);
  });
});
