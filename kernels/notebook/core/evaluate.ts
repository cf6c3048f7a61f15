import { Session, type Runtime } from "node:inspector";

/** `lost`: V8 gave up on the evaluation (its execution was terminated). */
export type Evaluation = { kind: "value"; value: unknown } | { kind: "thrown"; error: unknown } | { kind: "lost" };

const HANDOVER = Symbol.for("medke.kernel.handover");

/**
 * Runs scripts in V8's REPL mode, over an inspector session of this very process: top-level await, redeclaration of `let`, and the
 * value of the last statement.
 */
export class Evaluator {
  readonly #session = new Session();
  #globalId: string | undefined;

  constructor() {
    this.#session.connect();
  }

  /** Resolves when the script and its top-level awaits are through. Never settles when an await was terminated; race it. */
  async run(script: string): Promise<Evaluation> {
    let reply: Runtime.EvaluateReturnType;
    try {
      reply = await this.#post<Runtime.EvaluateReturnType>("Runtime.evaluate", {
        expression: script,
        replMode: true,
        awaitPromise: true,
        objectGroup: "cell",
      });
    } catch (error) {
      // The two messages seen when Runtime.terminateExecution hits a running script.
      if (/terminated|Internal error/.test(String(error))) return { kind: "lost" };
      throw error;
    }
    try {
      const { result, exceptionDetails } = reply;
      if (!exceptionDetails) return { kind: "value", value: await this.#take(result) };
      const { exception, text } = exceptionDetails;
      return { kind: "thrown", error: exception ? await this.#take(exception) : new Error(text) };
    } finally {
      // Otherwise V8 keeps results, and the arguments of the last 1000 console calls, alive.
      this.#session.post("Runtime.releaseObjectGroup", { objectGroup: "cell" });
      this.#session.post("Runtime.discardConsoleEntries");
    }
  }

  /** The value itself behind the inspector's description of it. */
  async #take(remote: Runtime.RemoteObject): Promise<unknown> {
    if (remote.type === "undefined") return undefined;
    if (remote.objectId === undefined && remote.unserializableValue === undefined) return remote.value;
    this.#globalId ??= (
      await this.#post<Runtime.EvaluateReturnType>("Runtime.evaluate", { expression: "globalThis" })
    ).result.objectId!;
    const { objectId, unserializableValue } = remote;
    await this.#post("Runtime.callFunctionOn", {
      objectId: this.#globalId,
      functionDeclaration: `function (value) { this[Symbol.for(${JSON.stringify(HANDOVER.description)})] = value; }`,
      arguments: [objectId === undefined ? { unserializableValue } : { objectId }],
      silent: true,
    });
    const holder = globalThis as Record<symbol, unknown>;
    const value = holder[HANDOVER];
    delete holder[HANDOVER];
    return value;
  }

  #post<T>(method: string, parameters: object): Promise<T> {
    return new Promise((resolve, reject) =>
      this.#session.post(method, parameters, (error, reply) => (error ? reject(toError(error)) : resolve(reply as T))),
    );
  }
}

const toError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String((error as { message?: unknown }).message ?? error));
