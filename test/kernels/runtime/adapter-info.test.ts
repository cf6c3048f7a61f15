import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { adapterInfo } from "../../../kernels/runtime/adapter-info.ts";
import { Runtime } from "../../../kernels/runtime/runtime.ts";
import { newFolder } from "../onnx/external-model.ts";

describe("adapterInfo", () => {
  let root: string;
  beforeEach(() => {
    root = newFolder();
  });
  afterEach(() => rmSync(root, { recursive: true }));
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  };

  it("names drivers with the versions they claim, and the devices that the kernel knows", () => {
    write("nvidia_icd.json", JSON.stringify({ ICD: { library_path: "libGLX_nvidia.so.0", api_version: "1.3.277" } }));
    write("lvp_icd.x86_64.json", "{ damaged");
    write("proc/driver/nvidia/gpus/0000:01:00.0/information", "Model: \t\t NVIDIA RTX A4000\nIRQ: 150\n");
    write("sys/class/drm/card0/device/vendor", "0x8086\n");
    write("sys/class/drm/card0/device/device", "0x9a49\n");
    write("sys/class/drm/card0-HDMI-A-1/status", "connected\n");
    const env = {
      VK_DRIVER_FILES: ["nvidia_icd.json", "lvp_icd.x86_64.json"].map((name) => join(root, name)).join(":"),
    };
    expect(adapterInfo(env, "linux", root)).to.deep.equal({
      api: "vulkan",
      drivers: [
        { file: "nvidia_icd.json", version: "1.3.277", software: false },
        { file: "lvp_icd.x86_64.json", software: true },
      ],
      devices: ["NVIDIA RTX A4000", "Intel device 0x9a49"],
      limits: "not reported by ONNX Runtime",
    });
  });

  it("says which interface other systems use, and nothing where there is none", () => {
    expect(adapterInfo({}, "darwin", root)).to.deep.equal({ api: "metal", limits: "not reported by ONNX Runtime" });
    expect(adapterInfo({}, "win32", root)?.api).to.equal("d3d12");
    expect(adapterInfo({}, "freebsd", root)).to.equal(undefined);
  });

  it("is part of the device report, without any path of the machine", async () => {
    await using runtime = await Runtime.start("cpu");
    expect(runtime.device.adapter?.limits).to.equal("not reported by ONNX Runtime");
    expect(JSON.stringify(runtime.device)).to.not.contain("/usr/");
  });
});
