import { probeGraph } from "../onnx/probe-graph.ts";
import { adapterInfo } from "./adapter-info.ts";
import { type DeviceChoice, type DeviceReport, DeviceUnavailableError } from "./device.ts";
import { hasGraphicsDevice, softwareName, vulkanDrivers } from "./vulkan-drivers.ts";
import type { WorkerClient } from "./worker-client.ts";

/**
 * Takes the device for `choice` and says why.
 *
 * `auto` takes WebGPU where a hardware adapter answers and computes, otherwise the CPU. A software driver (SwiftShader, llvmpipe) is
 * no reason to leave the CPU: it runs on the same cores, far slower. `webgpu` by name takes any adapter.
 * Throws: DeviceUnavailableError for `webgpu` without an adapter; nothing falls back silently.
 */
export async function chooseDevice(choice: DeviceChoice, worker: WorkerClient): Promise<DeviceReport> {
  const adapter = adapterInfo();
  return { ...(await choose(choice, worker)), ...(adapter && { adapter }) };
}

async function choose(choice: DeviceChoice, worker: WorkerClient): Promise<DeviceReport> {
  if (choice === "cpu") return { requested: choice, device: "cpu", reason: "the CPU was asked for" };
  const drivers = vulkanDrivers();
  const software = drivers?.length && drivers.every(softwareName) ? drivers.map(softwareName).join(", ") : undefined;
  if (choice === "auto" && drivers?.length === 0)
    return { requested: choice, device: "cpu", reason: "no WebGPU adapter was found (no Vulkan driver is installed)" };
  if (choice === "auto" && software)
    return {
      requested: choice,
      device: "cpu",
      reason: `the only WebGPU driver is ${software}, which is software; the CPU is faster`,
    };
  if (choice === "auto" && drivers && !hasGraphicsDevice())
    return {
      requested: choice,
      device: "cpu",
      reason: "no WebGPU adapter was found (this machine has no graphics device)",
    };
  const failure = await (choice === "auto"
    ? withoutSoftwareDrivers(() => webgpuFailure(worker))
    : webgpuFailure(worker));
  if (!failure) {
    const reason = software
      ? `WebGPU was asked for; its driver is ${software} (software)`
      : "a WebGPU adapter answered and computed a test graph";
    return { requested: choice, device: "webgpu", reason };
  }
  if (choice === "webgpu")
    throw new DeviceUnavailableError(
      `device "webgpu": ONNX Runtime found no usable WebGPU adapter (${failure}). Install or enable a Vulkan, Metal or D3D12 driver, or use device "cpu".`,
    );
  return { requested: choice, device: "cpu", reason: `no WebGPU adapter was found (${failure})` };
}

/** Keeps the Vulkan loader from offering a software driver beside a hardware one that does not work. */
async function withoutSoftwareDrivers<T>(probe: () => Promise<T>): Promise<T> {
  const before = process.env.VK_LOADER_DRIVERS_DISABLE;
  process.env.VK_LOADER_DRIVERS_DISABLE = ["*lvp*", "*lavapipe*", "*swiftshader*", ...(before ? [before] : [])].join(
    ",",
  );
  try {
    return await probe();
  } finally {
    if (before === undefined) delete process.env.VK_LOADER_DRIVERS_DISABLE;
    else process.env.VK_LOADER_DRIVERS_DISABLE = before;
  }
}

/** Undefined when a tiny graph runs on WebGPU, otherwise the reason in one line. The API's presence alone proves nothing. */
async function webgpuFailure(worker: WorkerClient): Promise<string | undefined> {
  try {
    const { info } = await worker.ask<"create">({
      type: "create",
      source: probeGraph(),
      device: "webgpu",
      optimise: true,
    });
    const feeds = { x: { type: "float32" as const, dims: [2], data: Float32Array.of(1, 2) } };
    const { outputs } = await worker.ask<"run">({ type: "run", handle: info.handle, feeds });
    await worker.ask<"release">({ type: "release", handle: info.handle });
    const [a, b] = outputs.y.data as Float32Array;
    return a === 2 && b === 4 ? undefined : `the adapter computed ${a}, ${b} instead of 2, 4`;
  } catch (error) {
    // ONNX Runtime puts source positions first and the cause last: "... was false. Failed to get a WebGPU adapter: No supported adapters".
    const lines = String((error as Error).message)
      .trim()
      .split("\n");
    return lines[0].split("was false. ").at(-1)!.trim().slice(0, 160);
  }
}
