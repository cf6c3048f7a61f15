const USUAL = 100;

/** Characters a line of output may have: those of the terminal, 100 where there is none (a file, a pipe), never below 60. */
export const terminalWidth = (): number => Math.max(60, process.stdout.columns || USUAL);
