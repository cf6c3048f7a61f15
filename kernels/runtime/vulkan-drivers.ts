import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, join } from "node:path";

/**
 * File names of the Vulkan driver manifests that the loader would read on Linux; undefined on systems without Vulkan manifests.
 *
 * ONNX Runtime reports neither the adapter nor a missing driver in words a user understands, and Dawn writes warnings of its own to
 * standard error; the manifests answer both questions beforehand.
 * Source: the search order in the Vulkan loader's documentation (LoaderDriverInterface), reproduced.
 */
export const vulkanDrivers = (
  env: NodeJS.ProcessEnv = process.env,
  platform = process.platform,
): string[] | undefined => vulkanDriverFiles(env, platform)?.map((file) => basename(file));

/** The same, as paths. */
export function vulkanDriverFiles(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] | undefined {
  if (platform !== "linux") return undefined;
  const forced = env.VK_DRIVER_FILES ?? env.VK_ICD_FILENAMES;
  if (forced) return forced.split(delimiter);
  const config = [
    env.XDG_CONFIG_HOME ?? join(homedir(), ".config"),
    ...list(env.XDG_CONFIG_DIRS ?? "/etc/xdg"),
    "/etc",
  ];
  const data = [
    env.XDG_DATA_HOME ?? join(homedir(), ".local/share"),
    ...list(env.XDG_DATA_DIRS ?? "/usr/local/share:/usr/share"),
  ];
  const folders = [...config, ...data].map((folder) => join(folder, "vulkan/icd.d"));
  const found = folders.flatMap((folder) => manifests(folder));
  return [...list(env.VK_ADD_DRIVER_FILES ?? ""), ...found];
}

/** The software driver's name where a manifest names one. */
export function softwareName(manifest: string): string | undefined {
  if (/swiftshader/i.test(manifest)) return "SwiftShader";
  if (/lvp|lavapipe|llvmpipe/i.test(manifest)) return "llvmpipe";
  return undefined;
}

const list = (paths: string) => paths.split(delimiter).filter(Boolean);

const manifests = (folder: string) =>
  names(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => join(folder, name));

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * Whether the kernel shows a graphics device to this process. Distributions install the manifests of all Mesa drivers together, the
 * software driver among them, so a manifest alone says nothing about hardware.
 */
export function hasGraphicsDevice(): boolean {
  return (
    names("/dev/dri").some((name) => name.startsWith("renderD")) ||
    names("/dev").some((name) => /^(nvidia\d|dxg$|kgsl|mali)/.test(name))
  );
}
