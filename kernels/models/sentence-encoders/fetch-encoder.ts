import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { ModelRegistry } from "@huggingface/transformers";
import { download } from "../../../datasets/fetch/download.ts";
import { DownloadError } from "../../../datasets/fetch/errors.ts";
import { withFolderLock } from "../../../datasets/fetch/folder-lock.ts";
import { encodedPath, publicHosts } from "../../../datasets/fetch/hosts.ts";
import { DEFAULT_NETWORK, type Network } from "../../../datasets/fetch/network.ts";

/** Nothing larger is a sentence encoder, in bytes. */
const LARGEST = 4 * 2 ** 30;

/** Without a network the answer should be quick. */
const NETWORK: Network = { ...DEFAULT_NETWORK, attempts: 3 };

const TOKENIZER = ["tokenizer_config.json", "tokenizer.json"];

/** Whether a name has the form that the hub gives its models, "owner/model". */
export const isHubName = (name: string): boolean =>
  /^[\w.-]+\/[\w.-]+$/.test(name) && !name.split("/").some((part) => /^\.+$/.test(part));

/** Where fetched encoders go: below XDG_CACHE_HOME where it is set, else below the user's cache folder. */
export function encoderCache(env: NodeJS.ProcessEnv = process.env): string {
  const local = process.platform === "win32" ? env.LOCALAPPDATA : undefined;
  return join(env.XDG_CACHE_HOME || local || join(homedir(), ".cache"), "medke", "models");
}

/**
 * Makes sure that the files of a feature-extraction model on the hub are in the cache folder, and returns their folder. What is there is not
 * asked for again, so that a complete folder needs no network. transformers.js says which files its pipeline loads for the model's
 * configuration; they are fetched into a folder of their own instead of its cache, to be checked before the engine opens them.
 *
 * Throws: DownloadError when the hub does not answer or has no such model; FetchTargetError; CancelledError. A fetch that ended early goes on
 * where it stopped. `HF_ENDPOINT` names a mirror of the hub, `HF_TOKEN` an access token.
 */
export async function fetchEncoder(name: string, signal?: AbortSignal): Promise<string> {
  const folder = join(encoderCache(), ...name.split("/"));
  // Fetched last, so that its presence says that all the others are there.
  if (existsSync(join(folder, TOKENIZER[1]))) return folder;
  await mkdir(folder, { recursive: true });
  const { hub, hubToken } = publicHosts();
  const headers = hubToken ? { authorization: `Bearer ${hubToken}` } : undefined;
  const fetchFile = async (file: string) => {
    const to = join(folder, file);
    if (existsSync(to)) return;
    await mkdir(dirname(to), { recursive: true });
    const url = `${hub}/${name}/resolve/main/${encodedPath(file)}`;
    await download({ url, to, headers, expected: {}, atMost: LARGEST }, NETWORK, signal);
  };
  try {
    await withFolderLock(folder, async () => {
      await fetchFile("config.json");
      for (const file of await modelFiles(name, folder)) await fetchFile(file);
      for (const file of TOKENIZER) await fetchFile(file);
    });
    return folder;
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    throw new DownloadError(
      `sentence encoder "${name}": there is no such folder, and it cannot be fetched from the hub: ${error.message} ` +
        `Check the name and the network, or download the model elsewhere and pass the path of its folder.`,
      error.status,
      { cause: error },
    );
  }
}

/** Graph and weights of the 32-bit export, as the configuration says. */
async function modelFiles(name: string, folder: string): Promise<string[]> {
  const config = JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
  return ModelRegistry.get_model_files(name, { config, dtype: "fp32", device: "cpu" });
}
