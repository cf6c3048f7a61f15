import { expect } from "chai";
import { isTypeScriptNotebook, namesThisKernel, withThisKernel } from "../../extension/kernelspec.ts";

const python = { nbformat: 4, metadata: { kernelspec: { name: "python3", language: "python" }, title: "kept" } };
const tslab = { metadata: { kernelspec: { name: "tslab", language: "typescript" } } };

describe("kernelspec", () => {
  it("tells TypeScript notebooks by the kernel's language, and by language_info where there is no kernel", () => {
    expect(
      [tslab, python, {}, { metadata: { language_info: { name: "typescript" } } }].map(isTypeScriptNotebook),
    ).to.deep.equal([true, false, false, true]);
  });

  it("writes the kernel in and keeps everything else", () => {
    const changed = withThisKernel(python);
    expect(changed).to.deep.include({ nbformat: 4 });
    expect((changed as typeof python).metadata.title).to.equal("kept");
    expect([namesThisKernel(python), namesThisKernel(tslab), namesThisKernel(changed)]).to.deep.equal([
      false,
      false,
      true,
    ]);
  });
});
