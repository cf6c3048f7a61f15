// A mocha reporter: the usual spec output, and the totals appended to the file named by MEDKE_TEST_TOTALS, so that several mocha runs
// can be summed to one closing line.
import { appendFileSync } from "node:fs";
import Mocha from "mocha";

export default class Totals extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      const skipped = this.runner.suite ? pendingTitles(this.runner.suite) : [];
      if (process.env.MEDKE_TEST_TOTALS)
        appendFileSync(process.env.MEDKE_TEST_TOTALS, `${JSON.stringify({ passes, failures, pending, skipped })}\n`);
    });
  }
}

function pendingTitles(suite) {
  const own = suite.tests.filter((test) => test.isPending()).map((test) => test.fullTitle());
  return [...own, ...suite.suites.flatMap(pendingTitles)];
}
