import { expect } from "chai";
import { escapeLatex } from "../../../../kernels/evaluation/tables/escape-latex.ts";

describe("escapeLatex", () => {
  it("makes text of every character that LaTeX would read as a command", () => {
    expect(escapeLatex("a_b & 50% of $3 #1 {x} ~ ^ \\input")).to.equal(
      "a\\_b \\& 50\\% of \\$3 \\#1 \\{x\\} \\textasciitilde{} \\textasciicircum{} \\textbackslash{}input",
    );
    expect(escapeLatex('p < 0.05 | "†" → é')).to.equal(
      "p \\textless{} 0.05 \\textbar{} ''$^{\\dagger}$'' $\\rightarrow$ é",
    );
    expect(escapeLatex("two\n\nlines")).to.equal("two lines");
  });
});
