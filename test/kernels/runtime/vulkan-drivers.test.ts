import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { softwareName, vulkanDrivers } from "../../../kernels/runtime/vulkan-drivers.ts";

describe("vulkanDrivers", () => {
  it("reads the manifests that the loader would read", () => {
    const data = mkdtempSync(join(tmpdir(), "medke-vulkan-"));
    mkdirSync(join(data, "vulkan/icd.d"), { recursive: true });
    for (const name of ["intel_icd.x86_64.json", "lvp_icd.x86_64.json", "README"])
      writeFileSync(join(data, "vulkan/icd.d", name), "{}");
    const nowhere = join(data, "none");
    const env = { XDG_CONFIG_HOME: nowhere, XDG_CONFIG_DIRS: nowhere, XDG_DATA_HOME: nowhere, XDG_DATA_DIRS: data };
    expect(vulkanDrivers(env, "linux"))
      .to.include.members(["intel_icd.x86_64.json", "lvp_icd.x86_64.json"])
      .and.not.include("README");
    rmSync(data, { recursive: true });
  });

  it("takes the files that the loader is forced to use, and knows nothing of other systems", () => {
    expect(vulkanDrivers({ VK_ICD_FILENAMES: "/a/vk_swiftshader_icd.json" }, "linux")).to.deep.equal([
      "vk_swiftshader_icd.json",
    ]);
    expect(vulkanDrivers({}, "darwin")).to.equal(undefined);
  });

  it("tells software drivers by their manifests", () => {
    expect(["vk_swiftshader_icd.json", "lvp_icd.x86_64.json", "nvidia_icd.json"].map(softwareName)).to.deep.equal([
      "SwiftShader",
      "llvmpipe",
      undefined,
    ]);
  });
});
