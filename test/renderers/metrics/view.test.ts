import { expect } from "chai";
import type { Page } from "playwright-core";
import { BrowserLab, describeInBrowser, drop, setTheme, show, violations } from "../browser-lab.ts";
import { contrast } from "../contrast.ts";
import { metricsFixture } from "../fixture.ts";
import { footprint } from "../footprint.ts";
import { THEMES, type ThemeName } from "../themes.ts";

describeInBrowser("metric plot in a browser", () => {
  let lab: BrowserLab;
  let page: Page;
  before(async () => {
    lab = await BrowserLab.open();
    page = await lab.page("light");
  });
  after(() => lab?.close());

  // One page for all tests, because loading plotly takes longer than most of them; each starts with an empty output.
  afterEach(() => drop(page, "metrics", "m"));
  const open = async (theme: ThemeName = "light", payload: unknown = metricsFixture()) => {
    await page.mouse.move(0, 0);
    await page.setViewportSize({ width: 900, height: 900 });
    await setTheme(page, theme);
    await show(page, "metrics", "m", payload);
  };
  const texts = (selector: string) => page.locator(selector).allTextContents();
  const inkOfPlot = () =>
    page
      .locator(".medke-plot .xtick text")
      .first()
      .evaluate((text) => getComputedStyle(text).fill);

  for (const theme of Object.keys(THEMES) as ThemeName[])
    it(`draws bars, intervals and labels in the colours of the ${theme} theme, under a strict policy`, async () => {
      await open(theme);
      expect(await page.locator(".medke-plot .barlayer .point path").count()).to.equal(16 + 16); // drawn, and answering the pointer
      expect(await page.locator(".medke-plot .errorbar path.yerror").count()).to.equal(2 * 16); // halo and line
      expect((await texts(".medke-plot .xtick text")).slice(0, 2)).to.deep.equal([
        "Reliabilityn = 20",
        "Text generalityn = 16",
      ]);
      const { "--vscode-editor-foreground": ink, "--vscode-editor-background": paper } = THEMES[theme].variables;
      expect(contrast(await inkOfPlot(), ink), "text of the plot is the theme's").to.equal(1);
      const root = await page.locator(".medke").evaluate((element) => {
        const style = getComputedStyle(element);
        return { color: style.color, background: style.backgroundColor, theme: (element as HTMLElement).dataset.theme };
      });
      expect(contrast(root.background, paper)).to.equal(1);
      expect(contrast(root.color, root.background)).to.be.at.least(4.5);
      expect(root.theme).to.equal(theme);
      expect(await violations(page)).to.deep.equal([]);
    });

  it("follows a change of theme", async () => {
    await open("light");
    const before = await inkOfPlot();
    await setTheme(page, "hc-dark");
    await page.locator('.medke[data-theme="hc-dark"]').waitFor();
    await page.waitForTimeout(100);
    expect(before).to.equal("rgb(59, 59, 59)");
    expect(await inkOfPlot()).to.equal("rgb(255, 255, 255)");
  });

  it("says value, interval, base, n, profile and group where the pointer is, also on a bar of height zero", async () => {
    const payload = metricsFixture();
    Object.assign(payload.rows[0], { value: 0, ci: [0, 0] });
    await open("light", payload);
    const plot = (await page.locator(".medke-plot .bars .points").last().boundingBox())!; // tf-token, below
    await page.mouse.move(plot.x + 30, plot.y + plot.height - 30);
    const hover = page.locator(".hoverlayer .hovertext");
    await hover.waitFor();
    expect(await hover.locator("tspan").allTextContents()).to.include.members([
      "ft-llm \u00b7 Reliability",
      "value 0.98",
      "95% interval 0.93 to 1.00",
      "base 0.05",
      "n 20",
      "profile tf-token",
      "group mm.tf.in-context-label.token-acc",
    ]);
    const first = (await page.locator(".medke-plot .nsewdrag[data-subplot='xy']").boundingBox())!;
    await page.mouse.move(first.x + 60, first.y + first.height - 8);
    await page.locator(".hovertext", { hasText: "value 0.00" }).waitFor();
  });

  it("draws no whisker where there is no interval, and says so", async () => {
    const payload = metricsFixture();
    Object.assign(payload.rows[0], { value: 0.5, n: 1, ci: null });
    await open("light", payload);
    expect(await page.locator(".medke-plot .errorbar path.yerror").count()).to.equal(2 * 15);
    await page.focus(".medke-plot");
    await page.keyboard.press("ArrowRight");
    expect(await page.locator('[aria-live="polite"]').textContent()).to.contain(
      "value 0.50, 95% interval none, too few values, base",
    );
  });

  it("draws published figures scored the same way as diamonds, with their source below and on hover", async () => {
    const payload = metricsFixture();
    const point = {
      label: "MSCKE (BLIP-2 OPT)",
      metric: "reliability",
      text: "99.1%",
      mark: "unconfirmed" as const,
      source: "A paper",
      conditions: "two thousand records",
      value: 0.991,
      profile: "gen-exact",
      comparable_group: payload.rows[0].comparable_group,
    };
    payload.reported = [point, { ...point, comparable_group: "mm.other", text: "12.3%", value: 0.123 }];
    for (const theme of ["light", "dark"] as const) {
      await open(theme, payload);
      const diamond = page.locator('.medke-plot .scatterlayer path.point[style*="stroke-width: 1.5px"]');
      expect(await texts(".medke-legend li")).to.include("reported, not measured");
      expect((await texts(".medke-reported")).join()).to.contain("Reported (unconfirmed), not measured here. A paper");
      const { x, y, width, height } = (await diamond.boundingBox())!;
      await page.mouse.move(x + width / 2, y + height / 2);
      await page.locator(".hovertext", { hasText: "reported: MSCKE" }).waitFor();
      expect(await texts(".hovertext")).to.have.length(1);
      await drop(page, "metrics", "m");
    }
    await open("light");
    expect(await texts(".medke-legend li")).not.to.include("reported, not measured");
  });

  it("walks from bar to bar with the arrow keys, speaks each, and leaves with Escape", async () => {
    await open();
    const spoken = page.locator('[aria-live="polite"]');
    await page.focus(".medke-plot");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    expect(await spoken.textContent()).to.match(
      /^ike \u00b7 Reliability, value 0\.80, 95% interval 0\.60 to 0\.95, base 0\.00, n 20/,
    );
    expect(await texts(".hovertext text")).to.have.length.at.least(1);
    await page.keyboard.press("End");
    expect(await spoken.textContent()).to.match(/^ike \u00b7 Text-and-image locality.*profile tf-token/);
    await page.keyboard.press("Escape");
    expect(await spoken.textContent()).to.equal("");
    expect(await page.locator(".hovertext").count()).to.equal(0);
  });

  it("reaches every control with the Tab key, with a visible focus", async () => {
    await open();
    const seen: string[] = [];
    for (let i = 0; i < 6; i++) {
      await page.keyboard.press("Tab");
      const focus = await page.evaluate(() => {
        const element = document.activeElement!;
        return `${element.textContent!.slice(0, 16)}|${getComputedStyle(element).outlineStyle}`;
      });
      seen.push(focus);
    }
    expect(seen.map((entry) => entry.split("|")[1])).to.deep.equal(Array(6).fill("solid"));
    const names = seen.map((entry) => entry.split("|")[0]);
    expect([names[0], names[1], ...names.slice(3)]).to.deep.equal([
      "ft-llm",
      "ike",
      "Save PNG",
      "Copy data as CSV",
      "Data table (16 r",
    ]);
  });

  it("is a labelled region with a sentence, the notice and a table of all rows", async () => {
    await open();
    const region = page.getByRole("region", { name: "Two editors on twenty invented cases" });
    expect(await region.locator("p").first().textContent()).to.contain(
      "for editors ft-llm, ike, scored by gen-exact and tf-token, n = 16 to 20",
    );
    expect(await texts(".medke-notice")).to.deep.equal([metricsFixture().notice]);
    await page.click("summary");
    expect(await texts("tbody tr:nth-child(2) > *")).to.deep.equal([
      "ft-llm",
      "Text generality",
      "gen-exact",
      "0.63",
      "0.38 to 0.81",
      "0.06",
      "16",
      "mm.gen.exact-norm",
    ]);
    expect(await page.locator("tbody tr").count()).to.equal(16);
  });

  it("hides an editor's bars from the key, and keeps the others in place", async () => {
    await open();
    const left = async () => (await page.locator(".medke-plot .bars").first().boundingBox())!.x;
    const before = await left();
    await page.getByRole("button", { name: "ike" }).click();
    expect(await page.locator(".medke-plot .barlayer .point path").count()).to.equal(8 + 8);
    expect(await left()).to.be.closeTo(before, 1);
    expect(await page.getByRole("button", { name: "ike" }).getAttribute("aria-pressed")).to.equal("false");
  });

  it("copies the rows as CSV and saves a picture of twice the size", async () => {
    await open();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy data as CSV" }).click();
    await page.getByText("Copied 16 rows.").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).to.contain(
      "ike,reliability,gen-exact,mm.gen.exact-norm,0.8,0,20,0.6,0.95",
    );
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save PNG" }).click(),
    ]);
    expect(download.suggestedFilename()).to.equal("two-editors-on-twenty-invented-cases.png");
    expect(await violations(page)).to.deep.equal([]);
  });

  it("fits a new width", async () => {
    await open();
    const rows = () =>
      page
        .locator(".medke-plot .main-svg")
        .first()
        .evaluate((svg) => svg.getBoundingClientRect().width);
    await page.setViewportSize({ width: 500, height: 800 });
    await page.waitForFunction(
      () => document.querySelector(".medke-plot .main-svg")!.getBoundingClientRect().width < 500,
    );
    expect(await rows()).to.be.at.most(472);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).to.be.at.most(500);
  });

  it("shows names that look like markup as text", async () => {
    const payload = metricsFixture();
    const name = `<img src=x onerror="window.broken=1"><b>e</b>`;
    for (const row of payload.rows) if (row.editor === "ike") row.editor = name;
    payload.title = name;
    await open("light", payload);
    expect(await page.locator(".medke img, .medke b").count()).to.equal(0);
    await page.focus(".medke-plot");
    await page.keyboard.press("ArrowLeft");
    expect((await texts(".hovertext tspan")).join(" ")).to.contain(name);
    expect(await page.evaluate(() => "broken" in window)).to.equal(false);
  });

  it("explains what it cannot draw instead of leaving a blank", async () => {
    await open("light", { version: 2 });
    expect(await texts(".medke-message")).to.deep.equal([
      "This output was made by a newer medke (version 2); this one reads version 1. Update medke, or run the cell again.",
    ]);
    await show(page, "metrics", "m", "{ not json");
    expect((await texts(".medke-message")).join()).to.match(/^internal: this output could not be drawn/);
    const mixed = metricsFixture();
    mixed.rows[4].comparable_group = "other";
    await show(page, "metrics", "m", mixed);
    expect((await texts(".medke-message")).join()).to.contain("are different comparable groups");
  });

  it("leaves nothing behind: no nodes, rules or listeners", async () => {
    await open();
    await drop(page, "metrics", "m");
    const clean = await footprint(page);
    for (let i = 0; i < 3; i++) {
      await show(page, "metrics", "m", metricsFixture());
      await page.focus(".medke-plot");
      await page.keyboard.press("ArrowRight");
      await drop(page, "metrics", "m");
    }
    expect(await footprint(page)).to.deep.equal(clean);
    expect(
      await page.evaluate(() => [document.getElementById("m")!.childNodes.length, document.adoptedStyleSheets.length]),
    ).to.deep.equal([0, 0]);
  });

  it("draws nothing when it is disposed before plotly has loaded", async () => {
    const fresh = await lab.page("light");
    const errors: string[] = [];
    fresh.on("pageerror", (error) => errors.push(error.message));
    const drawing = show(fresh, "metrics", "early", metricsFixture());
    await drop(fresh, "metrics", "early");
    await drawing;
    expect(await fresh.locator(".main-svg").count()).to.equal(0);
    expect(errors).to.deep.equal([]);
  });
});
