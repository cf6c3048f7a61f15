import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { softwareName, vulkanDriverFiles } from "./vulkan-drivers.ts";

/**
 * What this machine says of its graphics adapters. ONNX Runtime names neither the adapter that it took nor its limits, so this is
 * what the system shows beside it: with several adapters it may be any of them.
 */
export interface AdapterInfo {
  /** The graphics interface under WebGPU on this system. */
  api: "vulkan" | "metal" | "d3d12";
  /** Vulkan drivers that the loader would offer; Linux only. `version` is the highest Vulkan version that the driver claims. */
  drivers?: { file: string; version?: string; software: boolean }[];
  /** Names, or PCI vendor and device numbers, of the graphics devices that the kernel knows; Linux only. */
  devices?: string[];
  /** Limits of the adapter; ONNX Runtime reports none, so large tensors are tried, not checked. */
  limits: "not reported by ONNX Runtime";
}

/** Reads driver manifests and the kernel's device list; starts no driver. Undefined where the platform has no WebGPU. */
export function adapterInfo(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  root = "/",
): AdapterInfo | undefined {
  const limits = "not reported by ONNX Runtime";
  if (platform === "darwin") return { api: "metal", limits };
  if (platform === "win32") return { api: "d3d12", limits };
  const files = vulkanDriverFiles(env, platform);
  if (!files) return undefined;
  return { api: "vulkan", drivers: files.map(driver), devices: [...nvidiaNames(root), ...pciDevices(root)], limits };
}

function driver(path: string): { file: string; version?: string; software: boolean } {
  const file = basename(path);
  const software = softwareName(file) !== undefined;
  try {
    const version: unknown = JSON.parse(readFileSync(path, "utf8")).ICD?.api_version;
    return typeof version === "string" ? { file, version, software } : { file, software };
  } catch {
    // The loader skips a manifest it cannot read; it is named all the same, since the user meant it to be there.
    return { file, software };
  }
}

function nvidiaNames(root: string): string[] {
  return entries(join(root, "proc/driver/nvidia/gpus")).flatMap((name) => {
    const text = read(join(root, "proc/driver/nvidia/gpus", name, "information"));
    const model = /^Model:\s*(.+)$/m.exec(text)?.[1].trim();
    return model ? [model] : [];
  });
}

const VENDORS: Record<string, string> = { "0x10de": "NVIDIA", "0x1002": "AMD", "0x8086": "Intel", "0x1af4": "virtio" };

function pciDevices(root: string): string[] {
  const cards = entries(join(root, "sys/class/drm")).filter((name) => /^card\d+$/.test(name));
  return cards.flatMap((card) => {
    const part = (name: string) => read(join(root, "sys/class/drm", card, "device", name)).trim();
    const vendor = part("vendor");
    return vendor ? [`${VENDORS[vendor] ?? `vendor ${vendor}`} device ${part("device") || "unknown"}`] : [];
  });
}

const entries = (folder: string) => (existsSync(folder) ? readdirSync(folder).sort() : []);

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
