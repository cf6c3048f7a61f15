import { expect } from "chai";
import type { Page } from "playwright-core";
import { BrowserLab, describeInBrowser, drop, setTheme, show, violations } from "../browser-lab.ts";
import { contrast } from "../contrast.ts";
import { confusionFixture } from "../fixture.ts";
import { footprint } from "../footprint.ts";
import { THEMES, type ThemeName } from "../themes.ts";

describeInBrowser("confusion plot in a browser", () => {
  let lab: BrowserLab;
  let page: Page;
  before(async () => {
    lab = await BrowserLab.open();
    page = await lab.page("light");
  });
  after(() => lab?.close());
  afterEach(() => drop(page, "confusion", "c"));
  const open = async (theme: ThemeName = "light", payload: unknown = confusionFixture()) => {
    await page.mouse.move(0, 0);
    await page.setViewportSize({ width: 900, height: 900 });
    await setTheme(page, theme);
    await show(page, "confusion", "c", payload);
  };
  const texts = (selector: string) => page.locator(selector).allTextContents();

  for (const theme of Object.keys(THEMES) as ThemeName[])
    it(`draws bars, whiskers and rules in the colours of the ${theme} theme, under a strict policy`, async () => {
      await open(theme);
      expect(await texts("figcaption")).to.deep.equal(["set accuracy", "individual accuracy", "confusion"]);
      // Five scores, each filled and hatched; four of them with an interval; the sixth is a share of nothing.
      expect(await page.locator(".medke-panels .medke-bar").count()).to.equal(2 * 5);
      expect(await page.locator(".medke-panels .medke-stroke").count()).to.equal(4);
      expect((await texts("figure:last-child text")).filter((text) => text === "\u2013")).to.have.length(1);
      // Rules at one height share a line: 3 heights, 1 height, 2 heights.
      expect(await page.locator(".medke-panels .medke-rule").count()).to.equal(6);
      const { "--vscode-editor-foreground": ink, "--vscode-editor-background": paper } = THEMES[theme].variables;
      const style = await page
        .locator(".medke-panels text")
        .first()
        .evaluate((text) => getComputedStyle(text).fill);
      expect(contrast(style, ink), "text of the plot is the theme's").to.equal(1);
      expect(contrast(style, paper)).to.be.at.least(4.5);
      expect(await page.locator(".medke").getAttribute("data-theme")).to.equal(theme);
      expect(await violations(page)).to.deep.equal([]);
    });

  it("says label, score, interval and n where the pointer is, also over a bar that is missing", async () => {
    await open();
    const hover = (panel: number, series: number) =>
      page.locator(`figure:nth-child(${panel}) .medke-hit`).nth(series).hover({ force: true });
    await hover(1, 0);
    expect(await texts(".medke-tip")).to.deep.equal([
      "before \u00b7 set accuracy, value 0.75, 95% interval 0.50 to 0.92, of 12",
    ]);
    expect(await page.locator(".medke-pointed").count()).to.equal(1);
    await hover(2, 1);
    expect((await texts(".medke-tip"))[0]).to.contain("95% interval none, too few values, of 24");
    await hover(3, 1);
    expect((await texts(".medke-tip"))[0]).to.equal("after 3 edits \u00b7 confusion, a share of nothing");
    await page.mouse.move(2, 2);
    expect((await texts(".medke-tip"))[0]).to.equal("");
  });

  it("walks from bar to bar with the arrow keys, speaks each, and leaves with Escape", async () => {
    await open();
    await page.focus(".medke-panels");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const spoken = page.locator('[aria-live="polite"]');
    expect(await spoken.textContent()).to.match(/^after 3 edits \u00b7 set accuracy, value 0\.25, /);
    await page.keyboard.press("End");
    expect(await spoken.textContent()).to.match(/^after 3 edits \u00b7 confusion/);
    await page.keyboard.press("Escape");
    expect([await spoken.textContent(), await page.locator(".medke-pointed").count()]).to.deep.equal(["", 0]);
  });

  it("reaches every control with the Tab key, with a visible focus", async () => {
    await open();
    const seen: string[][] = [];
    for (let i = 0; i < 4; i++) {
      await page.keyboard.press("Tab");
      seen.push(
        await page.evaluate(() => {
          const element = document.activeElement!;
          const name = element.getAttribute("aria-label") ?? element.textContent!;
          return [name.slice(0, 12), getComputedStyle(element).outlineStyle];
        }),
      );
    }
    expect(seen).to.deep.equal(
      ["Bars. Arrow ", "Save SVG", "Copy data as", "Data table ("].map((name) => [name, "solid"]),
    );
  });

  it("is a labelled region with a sentence, and a table of every bar and rule", async () => {
    await open();
    const region = page.getByRole("region", { name: "Invented pairs before and after edits" });
    expect(await region.locator("p").first().textContent()).to.contain(
      "before: set accuracy 0.75, 95% interval 0.50 to 0.92",
    );
    await page.click("summary");
    expect(await page.locator("tbody tr").count()).to.equal(6 + 8);
    expect(await texts("tbody tr:first-child > *")).to.deep.equal([
      "before",
      "set accuracy",
      "0.75",
      "0.50 to 0.92",
      "12",
    ]);
    expect(await texts("tbody tr:last-child > *")).to.deep.equal([
      ...["coin a pair (no image)", "individual accuracy", "0.50", "expected", "\u2013"],
    ]);
  });

  it("copies the scores as CSV and saves the picture", async () => {
    await open();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy data as CSV" }).click();
    await page.getByText("Copied.").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).to.contain("before,set,pairs.invented.ps.corrected.independent,0.75,12,0.5,0.9166");
    expect(copied).to.contain("after 3 edits,confusion,pairs.invented.ps.corrected.independent,,0,,");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save SVG" }).click(),
    ]);
    expect(download.suggestedFilename()).to.equal("invented-pairs-before-and-after-edits.svg");
    expect(await violations(page)).to.deep.equal([]);
  });

  it("fits a narrow width, and shows names that look like markup as text", async () => {
    const payload = confusionFixture();
    payload.series[0].label = `<img src=x onerror="window.broken=1"><b>e</b>`;
    await open("dark", payload);
    await page.setViewportSize({ width: 420, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).to.be.at.most(420);
    expect(await page.locator(".medke img, .medke b").count()).to.equal(0);
    expect((await texts(".medke-legend li"))[0]).to.contain("<b>e</b>");
    expect(await page.evaluate(() => "broken" in window)).to.equal(false);
  });

  it("explains what it cannot draw instead of leaving a blank", async () => {
    await open("light", { version: 2 });
    expect((await texts(".medke-message"))[0]).to.contain("made by a newer medke (version 2)");
    const wrong = confusionFixture();
    wrong.series[0].scores.set!.value = 1.5;
    await show(page, "confusion", "c", wrong);
    expect((await texts(".medke-message"))[0]).to.contain(
      "series[0].scores.set.value: expected a fraction from 0 to 1, got 1.5",
    );
    await show(page, "confusion", "c", { ...confusionFixture(), series: [] });
    expect((await texts(".medke-message"))[0]).to.contain("there is nothing to draw");
  });

  it("leaves nothing behind: no nodes, rules or listeners", async () => {
    await open();
    await drop(page, "confusion", "c");
    const clean = await footprint(page);
    for (let i = 0; i < 3; i++) {
      await show(page, "confusion", "c", confusionFixture());
      await page.focus(".medke-panels");
      await page.keyboard.press("ArrowRight");
      await drop(page, "confusion", "c");
    }
    expect(await footprint(page)).to.deep.equal(clean);
  });
});
