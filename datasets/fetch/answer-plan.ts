import type { PartOrigin } from "./part-file.ts";
import type { Answer } from "./request.ts";

/** What an answer to a (resumed) request means for the bytes that are there. */
export type AnswerPlan =
  | { do: "append"; total: number }
  | { do: "restart"; origin: PartOrigin }
  /** All bytes were there already. */
  | { do: "verify" }
  /** The bytes that are there belong to something else. */
  | { do: "again"; reason: string };

/** Headers that ask for what is missing, if the file is still the one that was begun. */
export function rangeHeaders(length: number, origin: PartOrigin | undefined): Record<string, string> {
  if (length === 0 || origin === undefined) return {};
  const same = origin.etag ?? origin.modified;
  return { range: `bytes=${length}-`, ...(same && { "if-range": same }) };
}

/** Whether bytes of two answers may be joined: the server names the version, or the digest is known and will tell. */
export const canResume = (origin: PartOrigin | undefined, digestKnown: boolean): boolean =>
  origin !== undefined && (origin.etag !== undefined || origin.modified !== undefined || digestKnown);

/** `length` bytes of `origin` are there. Statuses other than 200, 206 and 416 are the caller's. */
export function planFor(answer: Answer, url: string, length: number, origin: PartOrigin | undefined): AnswerPlan {
  const now = originOf(answer, url);
  if (answer.status === 416)
    return origin?.total === length
      ? { do: "verify" }
      : { do: "again", reason: "the server has fewer bytes than are here" };
  if (answer.status === 200) return { do: "restart", origin: now };
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(answer.headers.get("content-range") ?? "");
  if (!range) return { do: "again", reason: "the server sent a part without saying which" };
  const total = range[3] === "*" ? Number(range[2]) + 1 : Number(range[3]);
  if (length === 0 && range[1] === "0") return { do: "restart", origin: { ...now, total } };
  if (Number(range[1]) !== length)
    return { do: "again", reason: "the server sent another part than the one asked for" };
  if (origin?.total !== undefined && origin.total !== total)
    return { do: "again", reason: "the file has another length than before" };
  if (origin?.etag !== undefined && now.etag !== undefined && origin.etag !== now.etag)
    return { do: "again", reason: "the file has changed since it was begun" };
  return { do: "append", total };
}

function originOf(answer: Answer, url: string): PartOrigin {
  const etag = answer.headers.get("etag");
  const modified = answer.headers.get("last-modified");
  const length = answer.headers.get("content-length");
  const encoded = (answer.headers.get("content-encoding") ?? "identity") !== "identity";
  return {
    url,
    // Weak tags do not promise equal bytes.
    ...(etag && !etag.startsWith("W/") && { etag }),
    ...(modified && { modified }),
    ...(length !== null && /^\d+$/.test(length) && !encoded && { total: Number(length) }),
  };
}
