import { expect } from "chai";
import { editorStyle } from "../../../kernels/display/editor-style.ts";

describe("editorStyle", () => {
  it("tells 42 editors apart, and neighbours by hatching as well as by colour", () => {
    const styles = Array.from({ length: 42 }, (_, index) => editorStyle(index));
    expect(new Set(styles.map(({ colour, hatch }) => colour + hatch)).size).to.equal(42);
    for (let i = 1; i < styles.length; i++) {
      expect(styles[i].colour).to.not.equal(styles[i - 1].colour);
      expect(styles[i].hatch).to.not.equal(styles[i - 1].hatch);
    }
  });
});
