import { existsSync } from "node:fs";

// A software Vulkan driver that comes with Debian's Chromium: it shows that WebGPU works, never how fast it is.
const DRIVER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const LOADER = ["/usr/lib/x86_64-linux-gnu/libvulkan.so.1", "/lib/x86_64-linux-gnu/libvulkan.so.1"];
const available = existsSync(DRIVER) && LOADER.some((path) => existsSync(path));

/** Title of a suite that needs the driver, with the reason where it is skipped (see test/SKIPS.md). */
export const onSoftwareWebgpu = (title: string): string =>
  available ? title : `${title} [skipped: needs Debian's chromium and libvulkan1 for SwiftShader]`;

/** To be called first in such a suite: its tests and its later hooks see no other driver; they are skipped without it. */
export function useSoftwareWebgpu(): void {
  const earlier = process.env.VK_ICD_FILENAMES;
  before("take the software driver", function () {
    if (!available) this.skip();
    process.env.VK_ICD_FILENAMES = DRIVER;
  });
  after("give the software driver back", () => {
    if (earlier === undefined) delete process.env.VK_ICD_FILENAMES;
    else process.env.VK_ICD_FILENAMES = earlier;
  });
}
