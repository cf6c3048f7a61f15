import type { Hosts } from "./hosts.ts";
import type { BenchmarkSource, ByHand, Place } from "./source.ts";

/** A size as people read it: "3.9 MB". */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const units = ["kB", "MB", "GB"];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power - 1]}`;
}

/** What can be downloaded of a benchmark, in one phrase. */
export function amountText({ files, figures }: BenchmarkSource, annotationsOnly = false): string {
  const wanted = files.filter((file) => !(annotationsOnly && file.images));
  const sizes = wanted.map((file) => file.bytes ?? file.aboutBytes);
  const known = sizes.reduce<number>((total, size) => total + (size ?? 0), 0);
  const about = wanted.every((file) => file.bytes !== undefined)
    ? ""
    : sizes.includes(undefined)
      ? "at least "
      : "about ";
  const parts = [
    ...(wanted.length ? [`${count(wanted.length, "file")}${known ? `, ${about}${sizeText(known)}` : ""}`] : []),
    ...(figures && !annotationsOnly ? [`${figures.count} images, each from its article`] : []),
  ];
  return parts.join("; ") || "nothing";
}

/** The places that files come from, each once. */
export function placesText({ files, figures }: BenchmarkSource, hosts: Hosts): string[] {
  const places = files.flatMap(({ from }) => from.slice(0, 1).map((place) => placeText(place, hosts)));
  return [...new Set([...places, ...(figures ? ["PubMed Central's open-access bucket (pmc-oa-opendata)"] : [])])];
}

const placeText = (place: Place, { hub }: Hosts): string =>
  place.kind === "git"
    ? `https://github.com/${place.repository} at commit ${place.commit.slice(0, 10)}`
    : `${hub}/datasets/${place.dataset} (${/^[0-9a-f]{40}$/.test(place.revision) ? `commit ${place.revision.slice(0, 10)}` : `newest commit of ${place.revision}`})`;

/** What the user fetches, from where, and what goes where. */
export const byHandText = ({ what, from, how }: ByHand, missing: readonly string[], folder: string): string =>
  [`By hand: ${what}`, `  open   ${from}`, `  do     ${how}`, `  put    ${missing.join(", ")}  into ${folder}`].join(
    "\n",
  );

export const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
