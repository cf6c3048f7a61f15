// The worker thread that owns every ONNX Runtime session: `InferenceSession.run` blocks its thread, and the notebook must stay free.
import { parentPort, workerData } from "node:worker_threads";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { probeGraph } from "../onnx/probe-graph.ts";
import { type Tensor, zeros } from "../tensor.ts";
import { clearFlag } from "./exit-guard.ts";
import { fromOrt, toOrt } from "./ort-tensor.ts";
import { sessionOptions } from "./session-options.ts";
import type { SessionInfo, WorkerReply, WorkerRequest } from "./worker-protocol.ts";
import { commitState, dropState, getState, putState, stateFeeds, stateTargets } from "./worker-state.ts";

const sessions = new Map<number, InferenceSession>();
let next = 1;

const metadata = (list: readonly InferenceSession.ValueMetadata[]): SessionInfo["inputs"] =>
  list.map((value) =>
    value.isTensor
      ? { name: value.name, type: value.type, shape: [...value.shape] }
      : { name: value.name, type: "unknown", shape: [] },
  );

let held: Promise<unknown> | undefined;

/**
 * Keeps one tiny session open: with its last session ONNX Runtime gives up the WebGPU device and every shader it has compiled, and
 * the next session compiles them all again, which takes seconds.
 */
const holdDevice = () =>
  InferenceSession.create(probeGraph(), sessionOptions({ device: "webgpu", optimise: true })).catch(() => undefined);

async function create(request: Extract<WorkerRequest, { type: "create" }>): Promise<SessionInfo> {
  const settings = sessionOptions(request);
  const session =
    typeof request.source === "string"
      ? await InferenceSession.create(request.source, settings)
      : await InferenceSession.create(request.source, settings);
  if (request.device === "webgpu") await (held ??= holdDevice());
  const handle = next++;
  sessions.set(handle, session);
  return { handle, inputs: metadata(session.inputMetadata), outputs: metadata(session.outputMetadata) };
}

async function run(request: Extract<WorkerRequest, { type: "run" }>): Promise<Record<string, Tensor>> {
  const { handle, feeds, state } = request;
  const session = opened(handle);
  const inputs = { ...(state && stateFeeds(state.read)), ...tensors(feeds) };
  const results = await session.run(inputs, {
    ...Object.fromEntries((request.outputs ?? session.outputNames).map((name) => [name, null])),
    ...(state && stateTargets(state.write)),
  });
  if (state) commitState(state.write, results as Record<string, OrtTensor>);
  const out: Record<string, Tensor> = {};
  for (const [name, value] of Object.entries(results)) if (!(name in (state?.write ?? {}))) out[name] = fromOrt(value);
  return out;
}

/** Other requests, and whoever calls the work off, wait for no more runs than begin within this time. */
const SLICE_MS = 50;

async function loop(request: Extract<WorkerRequest, { type: "loop" }>): Promise<number[]> {
  const { state, numbers, loss, stopBelow } = request;
  const session = opened(request.handle);
  const given = tensors(request.feeds);
  const losses: number[] = [];
  const started = performance.now();
  const steps = Math.min(...Object.values(numbers).map(({ length }) => length));
  for (let step = 0; step < steps && performance.now() - started < SLICE_MS; step++) {
    const inputs: Record<string, OrtTensor> = { ...given, ...stateFeeds(state.read) };
    for (const [name, values] of Object.entries(numbers))
      inputs[name] = new OrtTensor("float32", Float32Array.of(values[step]), []);
    const results = await session.run(inputs, { [loss]: null, ...stateTargets(state.write) });
    losses.push(Number((results[loss].data as Float32Array)[0]));
    if (!(losses.at(-1)! >= stopBelow && losses.at(-1)! < Infinity)) break;
    commitState(state.write, results as Record<string, OrtTensor>);
  }
  return losses;
}

function opened(handle: number): InferenceSession {
  const session = sessions.get(handle);
  if (!session) throw new Error(`internal: session ${handle} was released before this run`);
  return session;
}

const tensors = (feeds: Record<string, Tensor>): Record<string, OrtTensor> =>
  Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toOrt(tensor)]));

/** Buffers that may move to the main thread instead of being copied; an output that aliases a buffer twice is listed once. */
const transferable = (tensors: Record<string, Tensor>) => [
  ...new Set(Object.values(tensors).map((tensor) => tensor.data.buffer as ArrayBuffer)),
];

async function answer(request: WorkerRequest): Promise<WorkerReply> {
  switch (request.type) {
    case "create":
      return { id: request.id, type: "created", info: await create(request) };
    case "run":
      return { id: request.id, type: "ran", outputs: await run(request) };
    case "loop":
      return { id: request.id, type: "looped", losses: await loop(request) };
    case "release":
      await sessions.get(request.handle)?.release();
      sessions.delete(request.handle);
      return { id: request.id, type: "released" };
    case "state":
      putState(request.put ?? {});
      putState(Object.fromEntries(Object.entries(request.zeros ?? {}).map(([name, dims]) => [name, zeros(dims)])));
      dropState(request.drop ?? []);
      return { id: request.id, type: "stated", tensors: getState(request.get ?? []) };
  }
}

const { flag } = workerData as { flag: Int32Array };

async function reply(request: WorkerRequest): Promise<WorkerReply> {
  try {
    return await answer(request);
  } catch (error) {
    return { id: request.id, type: "failed", message: String((error as Error)?.message ?? error) };
  } finally {
    clearFlag(flag);
  }
}

// One request at a time: sessions share the thread pool, and replies keep the order of requests.
let queue: Promise<void> = Promise.resolve();
parentPort!.on("message", (request: WorkerRequest) => {
  queue = queue.then(async () => {
    const message = await reply(request);
    parentPort!.postMessage(message, message.type === "ran" ? transferable(message.outputs) : []);
  });
});
