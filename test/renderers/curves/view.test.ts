import { expect } from "chai";
import type { Page } from "playwright-core";
import { BrowserLab, describeInBrowser, drop, setTheme, show, violations } from "../browser-lab.ts";
import { contrast } from "../contrast.ts";
import { curvesFixture } from "../fixture.ts";
import { footprint } from "../footprint.ts";
import { THEMES, type ThemeName } from "../themes.ts";

describeInBrowser("curves in a browser", () => {
  let lab: BrowserLab;
  let page: Page;
  before(async () => {
    lab = await BrowserLab.open();
    page = await lab.page("light");
  });
  after(() => lab?.close());
  afterEach(() => drop(page, "curves", "c"));
  const open = async (theme: ThemeName = "light", payload: unknown = curvesFixture()) => {
    await page.mouse.move(0, 0);
    await page.setViewportSize({ width: 900, height: 900 });
    await setTheme(page, theme);
    await show(page, "curves", "c", payload);
  };
  const texts = (selector: string) => page.locator(selector).allTextContents();

  for (const theme of Object.keys(THEMES) as ThemeName[])
    it(`draws lines, marks and whiskers in the colours of the ${theme} theme, under a strict policy`, async () => {
      await open(theme);
      expect(await texts("figcaption")).to.deep.equal(["Reliability", "Text locality"]);
      expect(await page.locator(".medke-panels .medke-line").count()).to.equal(4);
      expect(await page.locator(".medke-panels .medke-mark").count()).to.equal(12);
      // One edit is too few for an interval.
      expect(await page.locator(".medke-panels .medke-whisker").count()).to.equal(8);
      expect(await page.locator(".medke-panels .medke-base").count()).to.equal(2);
      const { "--vscode-editor-foreground": ink, "--vscode-editor-background": paper } = THEMES[theme].variables;
      const fill = await page
        .locator(".medke-panels text")
        .first()
        .evaluate((text) => getComputedStyle(text).fill);
      expect(contrast(fill, ink), "text of the plot is the theme's").to.equal(1);
      expect(contrast(fill, paper)).to.be.at.least(4.5);
      expect(await page.locator(".medke").getAttribute("data-theme")).to.equal(theme);
      expect(await violations(page)).to.deep.equal([]);
    });

  for (const theme of Object.keys(THEMES) as ThemeName[])
    it(`draws ten editors in colours that stand out in the ${theme} theme, each unlike the others in the key too`, async () => {
      const payload = curvesFixture();
      payload.rows = Array.from({ length: 10 }, (_, i) =>
        payload.rows.slice(0, 3).map((row) => ({ ...row, editor: `editor-${i}` })),
      ).flat();
      await open(theme, payload);
      const looks = (selector: string) =>
        page.locator(selector).evaluateAll((lines) =>
          lines.map((line) => ({
            colour: getComputedStyle(line).stroke,
            dash: getComputedStyle(line).strokeDasharray,
          })),
        );
      const drawn = await looks(".medke-panels .medke-line");
      const { "--vscode-editor-background": paper } = THEMES[theme].variables;
      for (const { colour } of drawn) expect(contrast(colour, paper), colour).to.be.at.least(3);
      expect(new Set(drawn.map(({ colour, dash }) => colour + dash)).size).to.equal(10);
      expect(await looks(".medke-legend .medke-line")).to.deep.equal(drawn);
      expect(await violations(page)).to.deep.equal([]);
    });

  it("says the nearest point under the pointer and sets its editor off in every panel", async () => {
    await open();
    await page.locator("figure:nth-child(1) .medke-mark").nth(2).hover({ force: true });
    expect((await texts(".medke-tip"))[0]).to.match(
      /^ft-llm \u00b7 Reliability, 50 edits, value 0\.50, 95% interval 0\.36 to 0\.64, base 0\.00, n 50/,
    );
    expect(await page.locator(".medke-pointed").count()).to.equal(1);
    expect(await page.locator(".medke-aside").count(), "the other editor, in two panels").to.equal(2);
    await page.mouse.move(2, 2);
    expect((await texts(".medke-tip"))[0]).to.equal("");
    expect(await page.locator(".medke-aside").count()).to.equal(0);
  });

  it("hides an editor in every panel, from the keys too", async () => {
    await open();
    await page.getByRole("button", { name: "ft-llm" }).click();
    expect(await page.locator(".medke-curve:visible").count()).to.equal(2);
    await page.focus(".medke-panels");
    await page.keyboard.press("Home");
    expect(await page.locator('[aria-live="polite"]').textContent()).to.match(/^grace \u00b7 Reliability, 1 edit, /);
    await page.getByRole("button", { name: "ft-llm" }).click();
    expect(await page.locator(".medke-curve:visible").count()).to.equal(4);
  });

  it("walks from point to point with the arrow keys, speaks each, and leaves with Escape", async () => {
    await open();
    await page.focus(".medke-panels");
    const spoken = page.locator('[aria-live="polite"]');
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    expect(await spoken.textContent()).to.match(/^ft-llm \u00b7 Reliability, 10 edits, value 0\.90/);
    await page.keyboard.press("End");
    expect(await spoken.textContent()).to.match(/^grace \u00b7 Text locality, 50 edits/);
    await page.keyboard.press("Escape");
    expect([await spoken.textContent(), await page.locator(".medke-pointed").count()]).to.deep.equal(["", 0]);
  });

  it("reaches every control with the Tab key, with a visible focus", async () => {
    await open();
    const seen: string[][] = [];
    for (let i = 0; i < 6; i++) {
      await page.keyboard.press("Tab");
      seen.push(
        await page.evaluate(() => {
          const element = document.activeElement!;
          const name = element.getAttribute("aria-label") ?? element.textContent!;
          return [name.slice(0, 12), getComputedStyle(element).outlineStyle];
        }),
      );
    }
    const names = ["ft-llm", "grace", "Points. Arro", "Save SVG", "Copy data as", "Data table ("];
    expect(seen).to.deep.equal(names.map((name) => [name, "solid"]));
  });

  it("is a labelled region with a sentence, the notice, and a table of every point", async () => {
    await open();
    const region = page.getByRole("region", { name: "Invented results as edits add up" });
    expect(await region.locator("p").first().textContent()).to.contain("number of edits in force (1, 10, 50)");
    expect((await texts(".medke-notice"))[0]).to.contain("Counterfactual test edit");
    await page.click("summary");
    expect(await page.locator("tbody tr").count()).to.equal(12);
    expect(await texts("tbody tr:nth-child(3) > *")).to.deep.equal([
      ...["ft-llm", "Reliability", "50", "0.50", "0.36 to 0.64", "0.00", "50", "mm.gen.exact-norm@sequential50"],
    ]);
  });

  it("copies the points as CSV and saves the picture", async () => {
    await open();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy data as CSV" }).click();
    await page.getByText("Copied 12 rows.").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).to.contain("grace,text-locality,gen-exact,mm.gen.agreement@sequential50,50,0.97,1,100,0.93,1");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save SVG" }).click(),
    ]);
    expect(download.suggestedFilename()).to.equal("invented-results-as-edits-add-up.svg");
    expect(await violations(page)).to.deep.equal([]);
  });

  it("fits a narrow width, and shows names that look like markup as text", async () => {
    const payload = curvesFixture();
    for (const row of payload.rows) if (row.editor === "grace") row.editor = `<img src=x onerror="window.broken=1">`;
    await open("dark", payload);
    await page.setViewportSize({ width: 300, height: 900 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).to.be.at.most(300);
    expect(await page.locator(".medke img").count()).to.equal(0);
    expect(await page.evaluate(() => "broken" in window)).to.equal(false);
  });

  it("explains what it cannot draw instead of leaving a blank", async () => {
    await open("light", { version: 2 });
    expect((await texts(".medke-message"))[0]).to.contain("made by a newer medke (version 2)");
    const mixed = curvesFixture();
    mixed.rows[8].comparable_group = "mm.gen.other@sequential50";
    await show(page, "curves", "c", mixed);
    expect((await texts(".medke-message"))[0]).to.contain("are different comparable groups");
  });

  it("leaves nothing behind: no nodes, rules or listeners", async () => {
    await open();
    await drop(page, "curves", "c");
    const clean = await footprint(page);
    for (let i = 0; i < 3; i++) {
      await show(page, "curves", "c", curvesFixture());
      await page.focus(".medke-panels");
      await page.keyboard.press("ArrowRight");
      await drop(page, "curves", "c");
    }
    expect(await footprint(page)).to.deep.equal(clean);
  });
});
