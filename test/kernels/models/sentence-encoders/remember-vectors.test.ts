import { expect } from "chai";
import { rememberVectors } from "../../../../kernels/models/sentence-encoders/remember-vectors.ts";

describe("rememberVectors", () => {
  it("encodes a text once, and forgets the text that was used least recently", async () => {
    const asked: string[] = [];
    const encode = rememberVectors(async (text) => {
      asked.push(text);
      return Float32Array.of(text.length);
    }, 2);
    await encode(["a", "b", "a"]);
    expect(asked.join(" ")).to.equal("a b");
    await encode(["c", "a"]); // "b" was used before "a" and goes
    expect(asked.join(" ")).to.equal("a b c");
    expect(await encode(["bb", "b"])).to.deep.equal([Float32Array.of(2), Float32Array.of(1)]);
    expect(asked.join(" ")).to.equal("a b c bb b");
  });

  it("remembers no failure", async () => {
    let calls = 0;
    const encode = rememberVectors(async () => {
      if (++calls === 1) throw new Error("lost");
      return Float32Array.of(1);
    });
    expect((await encode(["a"]).catch((error: Error) => error)) as Error).to.have.property("message", "lost");
    expect(await encode(["a"])).to.have.length(1);
  });
});
