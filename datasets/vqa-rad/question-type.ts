// The published file misspells two types and writes one in lower case; some records carry two, separated by a comma.
const SPELLING: Record<string, string> = { PRSE: "PRES", ATRIB: "ATTRIB" };

/** The types of a question, such as ["SIZE", "PRES"] for "SIZE, PRES"; spelling and case are repaired. */
export const questionTypes = (raw: string): string[] =>
  raw
    .split(",")
    .map((part) => part.trim().toUpperCase())
    .filter((part) => part !== "")
    .map((part) => SPELLING[part] ?? part);
