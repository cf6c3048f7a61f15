import { setTimeout as sleep } from "node:timers/promises";
import { CancelledError } from "../../errors.ts";
import { type Completion, complete, TransientError } from "./complete.ts";
import { JudgeCache } from "./judge-cache.ts";
import { type JudgeUsage } from "./judge-cost.ts";
import { JudgeEndpointError } from "./judge-error.ts";
import { type JudgeSettings, readSettings } from "./judge-settings.ts";

export const DEFAULT_MAX_TOKENS = 200;
const LONGEST_PAUSE = 60_000;

/**
 * Another model that judges replies, behind any OpenAI-compatible endpoint. Nothing in medke needs one.
 *
 * The key is read from an environment variable when a judge is made, goes to that endpoint alone, and stands in no message and no file.
 * Every reply is kept by the content of what was asked, so that nothing is paid for twice.
 */
export class Judge {
  readonly usage: JudgeUsage = { calls: 0, cached: 0, input: 0, output: 0 };
  readonly settings: Readonly<JudgeSettings>;
  readonly #endpoint: URL;
  readonly #key: string | undefined;
  readonly #cache: JudgeCache;

  /** Throws: JudgeSettingsError. */
  constructor(settings: JudgeSettings, env: NodeJS.ProcessEnv = process.env) {
    const { endpoint, key } = readSettings(settings, env);
    this.settings = settings;
    this.#endpoint = endpoint;
    this.#key = key;
    this.#cache = new JudgeCache(settings.cache);
  }

  /**
   * The reply to a prompt. Refusals (4xx but 408 and 429) end at once; failures that may pass are tried again.
   *
   * Throws: JudgeEndpointError; CancelledError.
   */
  async ask(prompt: string, { signal }: { signal?: AbortSignal } = {}): Promise<string> {
    const { model, temperature = 0, maxTokens = DEFAULT_MAX_TOKENS } = this.settings;
    const asked = { model, temperature, max_tokens: maxTokens, messages: [{ role: "user", content: prompt }] };
    const cached = await this.#cache.get(asked);
    if (cached !== undefined) {
      this.usage.cached++;
      return cached;
    }
    const { reply, input, output } = await this.#tryAgain(asked, signal);
    this.usage.calls++;
    this.usage.input += input;
    this.usage.output += output;
    await this.#cache.set(asked, reply);
    return reply;
  }

  async #tryAgain(asked: object, signal?: AbortSignal): Promise<Completion> {
    const { retries = 3, pause = 1000, timeout = 60_000 } = this.settings;
    for (let attempt = 0; ; attempt++) {
      if (signal?.aborted)
        throw new CancelledError("judge: stopped on request. Run it again: finished judgements are kept.");
      try {
        return await complete(this.#endpoint, asked, { key: this.#key, timeout, signal });
      } catch (error) {
        if (!(error instanceof TransientError)) throw error;
        if (attempt >= retries)
          throw new JudgeEndpointError(
            `judge ${this.#endpoint.host}: ${error.message} (${attempt + 1} attempts). Check that the service runs, then run it again: finished judgements are kept.`,
          );
        const wait = Math.min(LONGEST_PAUSE, Math.max(error.retryAfter ?? 0, pause * 2 ** attempt));
        await sleep(wait, undefined, { signal }).catch(() => {});
      }
    }
  }
}
