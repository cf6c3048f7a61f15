import type { GitPlace } from "./source.ts";

/** Base addresses, without a slash at the end. */
export interface Hosts {
  hub: string;
  git: string;
  /** The PubMed Central bucket: `PMC<id>.<version>/<file>` and `metadata/PMC<id>.<version>.json`. */
  pmc: string;
  /** Sent to the hub alone; needed only for datasets that ask who you are. */
  hubToken?: string;
}

/** The public hosts; `HF_ENDPOINT` names a mirror of the hub and `HF_TOKEN` an access token, as in the hub's own tools. */
export function publicHosts(env: NodeJS.ProcessEnv = process.env): Hosts {
  return {
    hub: (env.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, ""),
    git: "https://raw.githubusercontent.com",
    pmc: "https://pmc-oa-opendata.s3.amazonaws.com",
    ...(env.HF_TOKEN && { hubToken: env.HF_TOKEN }),
  };
}

export const encodedPath = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

export const gitAddress = ({ repository, commit, path }: GitPlace, hosts: Hosts): string =>
  `${hosts.git}/${repository}/${commit}/${encodedPath(path)}`;
