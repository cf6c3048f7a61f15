import { CancelledError } from "../../errors.ts";
import { JudgeEndpointError } from "./judge-error.ts";

export interface Completion {
  reply: string;
  /** Tokens as the service counts them; 0 where it does not. */
  input: number;
  output: number;
}

/** A failure that may pass. `retryAfter`: milliseconds that the service asks for. */
export class TransientError extends Error {
  readonly retryAfter: number | undefined;

  constructor(message: string, retryAfter?: number) {
    super(message);
    this.retryAfter = retryAfter;
  }
}

/** A judge writes a few lines; whoever sends more is none. */
const MOST_BYTES = 1 << 20;

/**
 * One call of an OpenAI-compatible chat completion. Redirects are refused: the key is meant for this host.
 *
 * Throws: TransientError; JudgeEndpointError for a refusal; CancelledError. No message holds the key, whatever the service sends back.
 */
export async function complete(
  endpoint: URL,
  body: object,
  { key, timeout, signal }: { key?: string; timeout: number; signal?: AbortSignal },
): Promise<Completion> {
  const limit = AbortSignal.timeout(timeout);
  try {
    const response = await fetch(endpoint, {
      method: "POST",
      redirect: "error",
      headers: { "content-type": "application/json", ...(key && { authorization: `Bearer ${key}` }) },
      body: JSON.stringify(body),
      signal: signal ? AbortSignal.any([limit, signal]) : limit,
    });
    const text = await readText(response);
    if (response.ok) return readCompletion(text);
    const said = `it answered ${response.status}: ${excerpt(text, key)}`;
    if (![408, 429].includes(response.status) && response.status < 500)
      throw new JudgeEndpointError(`judge ${endpoint.host}: ${said}. Check address, model and key.`);
    throw new TransientError(said, retryAfter(response));
  } catch (error) {
    if (error instanceof JudgeEndpointError || error instanceof TransientError) throw error;
    if (signal?.aborted)
      throw new CancelledError("judge: stopped on request. Run it again: finished judgements are kept.");
    if (limit.aborted) throw new TransientError(`it did not answer within ${timeout} ms`);
    const { message, cause } = error as Error & { cause?: Error };
    throw new TransientError(excerpt(cause?.message ?? message, key));
  }
}

async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  // Node's streams are iterable; the types of the web do not say so.
  const body = response.body as AsyncIterable<Uint8Array> | null;
  if (!body) return "";
  for await (const part of body) {
    bytes += part.byteLength;
    if (bytes > MOST_BYTES) throw new TransientError(`it sent more than ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function readCompletion(text: string): Completion {
  try {
    const { choices, usage } = JSON.parse(text) as {
      choices: { message: { content: unknown } }[];
      usage?: { prompt_tokens?: unknown; completion_tokens?: unknown };
    };
    const reply = choices[0].message.content;
    if (typeof reply !== "string") throw new Error("no text");
    return { reply, input: count(usage?.prompt_tokens), output: count(usage?.completion_tokens) };
  } catch {
    throw new TransientError("its answer is no chat completion");
  }
}

const count = (tokens: unknown) => (typeof tokens === "number" && tokens >= 0 ? tokens : 0);

/** What was sent back, short and without the key. */
const excerpt = (text: string, key: string | undefined) =>
  (key ? text.replaceAll(key, "[key]") : text).replace(/\s+/g, " ").trim().slice(0, 200);

function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get("retry-after") ?? NaN);
  return seconds > 0 ? 1000 * seconds : undefined;
}
