import { expect } from "chai";
import { shellWord } from "../../../../kernels/commands/editing/shell-word.ts";

describe("shellWord", () => {
  it("leaves plain words, keeps a home folder one, and quotes the rest", () => {
    expect(shellWord("a/b-c_1.png", "linux")).to.equal("a/b-c_1.png");
    expect(shellWord("what's $HOME?", "linux")).to.equal("'what'\\''s $HOME?'");
    expect(shellWord("~/a b.png", "linux")).to.equal("~/'a b.png'");
    expect(shellWord("~/.cache/a.png", "linux")).to.equal("~/.cache/a.png");
    expect(shellWord('say "no"', "win32")).to.equal('"say \\"no\\""');
    expect(shellWord("", "linux")).to.equal("''");
  });
});
