/** Starts every line of mocha's report on its way out of the extension host. */
export const REPORT_PREFIX = "[suite] ";
