import { JudgeSettingsError } from "./judge-error.ts";

/** Prices that the user gives, in any currency. */
export interface JudgePrices {
  /** Per million tokens of prompts. */
  input: number;
  /** Per million tokens of replies. */
  output: number;
}

export interface JudgeSettings {
  /** Base address of an OpenAI-compatible service, such as "http://localhost:8000/v1". */
  url: string;
  model: string;
  /** Environment variable that holds the key. Default "MEDKE_JUDGE_KEY"; without a key none is sent. */
  keyVariable?: string;
  prices?: JudgePrices;
  /** Default 0, so that judging again says the same; the published judge uses 0.7. */
  temperature?: number;
  /** Longest reply, tokens. Default 200. */
  maxTokens?: number;
  /** Milliseconds until a call counts as failed. Default 60,000. */
  timeout?: number;
  /** Further attempts after a failure that may pass. Default 3. */
  retries?: number;
  /** Milliseconds before the first further attempt; each later one waits twice as long. Default 1,000. */
  pause?: number;
  /** Folder that keeps replies by the content of what was asked. Default: for as long as the judge is there. */
  cache?: string;
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The address of the completions, and the key.
 *
 * Throws: JudgeSettingsError for an address that is none, that holds a password, or to which a key would travel unencrypted.
 */
export function readSettings(
  { url, keyVariable = "MEDKE_JUDGE_KEY" }: JudgeSettings,
  env: NodeJS.ProcessEnv,
): { endpoint: URL; key: string | undefined } {
  const address = `${url.replace(/\/+$/, "")}/chat/completions`;
  // URL.parse is younger than Node 20.
  const parsed = URL.canParse(address) ? new URL(address) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol))
    throw new JudgeSettingsError(
      `judge: "${url}" is no address. Give one such as https://host/v1 or http://localhost:8000/v1.`,
    );
  if (parsed.username || parsed.password)
    throw new JudgeSettingsError(
      `judge: the address of ${parsed.host} holds a password. Put the key into the environment variable ${keyVariable}.`,
    );
  const key = env[keyVariable] || undefined;
  if (key && parsed.protocol === "http:" && !LOOPBACK.test(parsed.hostname))
    throw new JudgeSettingsError(
      `judge: the key in ${keyVariable} would travel unencrypted to ${parsed.host}. Use https, or unset ${keyVariable}.`,
    );
  return { endpoint: parsed, key };
}
