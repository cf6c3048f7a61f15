import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { CONFUSION_MIME } from "../../kernels/display/confusion.ts";
import { CURVES_MIME } from "../../kernels/display/curves.ts";
import { editDiffBundle } from "../../kernels/display/edit-diff-bundle.ts";
import { EDIT_DIFF_MIME } from "../../kernels/display/edit-diff.ts";
import { metricsBundle } from "../../kernels/display/metrics-bundle.ts";
import { METRICS_MIME } from "../../kernels/display/metrics.ts";
import type { MimeBundle } from "../../kernels/display/mime.ts";
import { BrowserLab, describeInBrowser } from "./browser-lab.ts";
import { confusionFixture, curvesFixture, editDiffFixture, metricsFixture } from "./fixture.ts";

describeInBrowser("exported page in a browser", () => {
  let lab: BrowserLab;
  let folder: string;
  let page: Page | undefined;
  before(async () => {
    lab = await BrowserLab.open();
    folder = await mkdtemp(join(tmpdir(), "medke-page-"));
  });
  after(async () => {
    await lab?.close();
    if (folder) await rm(folder, { recursive: true });
  });
  afterEach(() => page?.context().close());

  const output = (mime: string, bundle: MimeBundle, data = JSON.stringify(bundle[mime])) =>
    `<div class="medke-output" data-mime="${mime}"><script type="${mime}">${data.replaceAll("<", "\\u003c")}</script>` +
    `<img class="medke-fallback" alt="static" src="data:image/png;base64,${bundle["image/png"]}"></div>`;

  /** A page as the export writes it: everything inside, nothing allowed to load. */
  const open = async (outputs: string) => {
    const policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:";
    const file = join(folder, "page.html");
    await writeFile(
      file,
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">` +
        `<body>${outputs}<script>${await lab.pageScript()}</script></body></html>`,
    );
    page = await lab.blank(1000);
    await page.context().setOffline(true);
    await page.goto(pathToFileURL(file).href);
    return page;
  };

  it("draws plot and diff without a network and hides their static pictures", async () => {
    await open(
      output(METRICS_MIME, await metricsBundle(metricsFixture())) +
        output(EDIT_DIFF_MIME, await editDiffBundle(editDiffFixture())) +
        output(CONFUSION_MIME, { ...(await metricsBundle(metricsFixture())), [CONFUSION_MIME]: confusionFixture() }) +
        output(CURVES_MIME, { ...(await metricsBundle(metricsFixture())), [CURVES_MIME]: curvesFixture() }),
    );
    await page!.locator(".medke-metrics .barlayer .point path").first().waitFor();
    expect(await page!.locator(".medke-edit-diff tbody tr:not(.medke-large)").count()).to.equal(4);
    await page!.locator(".medke-metrics button:enabled", { hasText: "Save PNG" }).waitFor();
    expect(await page!.locator(".medke-confusion figure").count()).to.equal(3);
    expect(await page!.locator(".medke-curves figure").count()).to.equal(2);
    expect(await page!.locator("img.medke-fallback:visible").count()).to.equal(0);
  });

  it("keeps the static picture where the data cannot be drawn", async () => {
    const bundle = await metricsBundle(metricsFixture());
    await open(output(METRICS_MIME, bundle, `{"version":2}`) + output(EDIT_DIFF_MIME, bundle, "{ torn"));
    await page!.waitForTimeout(200);
    expect(await page!.locator("img.medke-fallback:visible").count()).to.equal(2);
    expect(await page!.locator(".medke").count()).to.equal(0);
  });
});
