// The worker thread that owns every ONNX Runtime session: `InferenceSession.run` blocks its thread, and the notebook must stay free.
import { parentPort, workerData } from "node:worker_threads";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { probeGraph } from "../onnx/probe-graph.ts";
import { type Tensor, zeros } from "../tensor.ts";
import { clearFlag } from "./exit-guard.ts";
import { COUNT, STOP } from "./loop-inputs.ts";
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

/** Other requests, and whoever calls the work off, wait for no more runs than begin within this time, or are expected to. */
const SLICE_MS = 200;
/** Milliseconds that a step of a fit took at last, by the first place of its state: how many fit into a slice. Another fit may be of another size. */
const paces = new Map<string, number>();

async function loop(request: Extract<WorkerRequest, { type: "loop" }>): Promise<number[]> {
  const { state, numbers, loss, stopBelow } = request;
  const session = opened(request.handle);
  const [fit] = Object.values(state.write);
  const many = session.inputNames.includes(COUNT);
  const given = { ...tensors(request.feeds), ...(many && { [STOP]: scalar(atLeast(stopBelow)) }) };
  const losses: number[] = [];
  const goesOn = () => losses.length === 0 || (losses.at(-1)! >= stopBelow && losses.at(-1)! < Infinity);
  const started = performance.now();
  const steps = Math.min(...Object.values(numbers).map(({ length }) => length));
  for (
    let begun = started;
    losses.length < steps && begun - started < SLICE_MS && goesOn();
    begun = performance.now()
  ) {
    const count = many ? stepsWithin(started + SLICE_MS - begun, steps - losses.length, paces.get(fit)) : 1;
    const next = (values: readonly number[]) => values.slice(losses.length, losses.length + count);
    const inputs: Record<string, OrtTensor> = { ...given, ...stateFeeds(state.read) };
    if (many) inputs[COUNT] = new OrtTensor("int64", BigInt64Array.of(BigInt(count)), []);
    for (const [name, values] of Object.entries(numbers))
      inputs[name] = many
        ? new OrtTensor("float32", Float32Array.from(next(values)), [count])
        : scalar(next(values)[0]);
    const results = await session.run(inputs, { [loss]: null, ...stateTargets(state.write) });
    const made = results[loss].data as Float32Array;
    losses.push(...made);
    if (many) paces.set(fit, (performance.now() - begun) / made.length);
    // A graph that takes many steps leaves what is trained as it is in the last one.
    if (many || goesOn()) commitState(state.write, results as Record<string, OrtTensor>);
  }
  return losses;
}

const stepsWithin = (ms: number, left: number, pace = Infinity) => Math.min(left, Math.max(1, Math.floor(ms / pace)));

const scalar = (value: number) => new OrtTensor("float32", Float32Array.of(value), []);

/** The least float32 that is not below `value`: what is below the one is below the other. */
function atLeast(value: number): number {
  const near = Float32Array.of(value);
  if (near[0] < value) new Int32Array(near.buffer)[0] += near[0] < 0 ? -1 : 1;
  return near[0];
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
      for (const name of request.drop ?? []) paces.delete(name);
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
    const moved = message.type === "ran" ? message.outputs : message.type === "stated" ? message.tensors : {};
    parentPort!.postMessage(message, transferable(moved));
  });
});
