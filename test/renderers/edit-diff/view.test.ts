import { expect } from "chai";
import type { Page } from "playwright-core";
import { BrowserLab, describeInBrowser, drop, setTheme, show, violations } from "../browser-lab.ts";
import { contrast } from "../contrast.ts";
import { editDiffFixture } from "../fixture.ts";
import { footprint } from "../footprint.ts";
import { THEMES, type ThemeName } from "../themes.ts";

describeInBrowser("edit diff in a browser", () => {
  let lab: BrowserLab;
  let page: Page;
  before(async () => {
    lab = await BrowserLab.open();
    page = await lab.page("light");
  });
  after(() => lab?.close());

  // One page for all tests; each starts with an empty output.
  afterEach(() => drop(page, "edit-diff", "e"));
  const open = async (theme: ThemeName = "light", payload: unknown = editDiffFixture()) => {
    await setTheme(page, theme);
    await show(page, "edit-diff", "e", payload);
  };

  for (const theme of Object.keys(THEMES) as ThemeName[])
    it(`draws the image and readable verdicts in the ${theme} theme, under a strict policy`, async () => {
      await open(theme);
      const image = page.getByRole("img", { name: "Invented scan with three pale bodies in a grey field" });
      expect(
        await image.evaluate((img) => [(img as HTMLImageElement).complete, (img as HTMLImageElement).naturalWidth]),
      ).to.deep.equal([true, 320]);
      const paper = THEMES[theme].variables["--vscode-editor-background"];
      for (const verdict of ["pass", "fail"]) {
        const colour = await page
          .locator(`.medke-verdict.medke-${verdict}`)
          .first()
          .evaluate((element) => getComputedStyle(element).color);
        expect(contrast(colour, paper), verdict).to.be.at.least(4.5);
      }
      expect(await violations(page)).to.deep.equal([]);
    });

  it("shows every probe with question, answers, verdict by icon and word, and change in log-probability", async () => {
    await open();
    const rows = page.locator("tbody tr:not(.medke-large)");
    expect(await rows.count()).to.equal(4);
    const third = rows.nth(2);
    expect(
      await third
        .locator("td, th")
        .allInnerTexts()
        .then((cells) => cells.slice(0, 6).map((text) => text.trim())),
    ).to.deep.equal([
      "Fail",
      "Image locality (same question)",
      "Is the velm displaced in this slice?",
      "yes",
      "no\nchanged",
      "yes",
    ]);
    expect(await third.locator(".medke-verdict svg").count()).to.equal(1);
    expect(await third.locator(".medke-gain b").textContent()).to.equal("\u22122.76");
    expect(await third.locator(".medke-change").getAttribute("title")).to.equal(
      `Log-probability of "yes": \u22120.11 to \u22122.87 nats per token (\u22122.76)`,
    );
    const icons = await page.locator(".medke-verdict svg").evaluateAll((all) => all.map((icon) => icon.innerHTML));
    expect(new Set(icons).size, "pass and fail differ in shape").to.equal(2);
    expect(await page.locator(".medke-changed").count()).to.equal(3);
  });

  it("draws gains to the right and losses to the left, in proportion", async () => {
    await open();
    const bars = await page
      .locator(".medke-gain rect")
      .evaluateAll((all) => all.map((bar) => [+bar.getAttribute("x")!, +bar.getAttribute("width")!]));
    expect(bars[0]).to.deep.equal([32, 32]);
    expect(bars[2][0] + bars[2][1]).to.be.closeTo(32, 1e-6);
    expect(bars[2][1]).to.be.closeTo((32 * 2.76) / 4.08, 0.01);
  });

  it("says what was edited, by what, and that pixels do not change", async () => {
    await open();
    const words = await page
      .getByRole("region", { name: `Edit of "Is the velm displaced in this slice?"` })
      .innerText();
    for (const part of [
      "ft-llm",
      "phantom-sketch",
      "phantom-0007-q2",
      editDiffFixture().notice,
      "an edit changes answers, not pictures",
    ])
      expect(words).to.contain(part);
    expect((await page.locator(".medke-swap").innerText()).replace(/\s+/g, " "))
      .to.contain("yes \u2192")
      .and.to.contain("no");
  });

  it("opens a probe's own image with Enter or a click and closes it with Escape", async () => {
    await open();
    const large = page.locator(".medke-large").first();
    const thumb = page.locator(".medke-thumb").first();
    expect(await page.locator(".medke-thumb").count()).to.equal(2);
    expect(await large.isVisible()).to.equal(false);
    await thumb.focus();
    await page.keyboard.press("Enter");
    expect([await large.isVisible(), await thumb.getAttribute("aria-expanded")]).to.deep.equal([true, "true"]);
    expect((await large.locator("img").boundingBox())!.height).to.be.greaterThan(
      (await thumb.locator("img").boundingBox())!.height * 2,
    );
    await page.keyboard.press("Escape");
    expect(await large.isVisible()).to.equal(false);
    await thumb.click();
    expect(await large.isVisible()).to.equal(true);
  });

  it("shows data that looks like markup as text", async () => {
    const payload = editDiffFixture();
    const evil = `<img src=x onerror="window.broken=1">`;
    payload.question = payload.probes[0].question = payload.probes[0].after = payload.target = evil;
    payload.images[payload.image!].alt = `"><script>window.broken=1</script>`;
    await open("light", payload);
    expect(await page.locator("img").count()).to.equal(5);
    expect(await page.locator("h2").textContent()).to.equal(evil);
    expect(await page.evaluate(() => "broken" in window)).to.equal(false);
  });

  it("shows a case without an image, and an empty answer in words", async () => {
    const payload = editDiffFixture();
    delete payload.image;
    payload.images = {};
    payload.probes = [{ ...payload.probes[0], image: undefined, after: " " }];
    await open("light", payload);
    expect(await page.locator("img").count()).to.equal(0);
    expect(await page.locator("section").innerText())
      .to.contain("(empty answer)")
      .and.to.not.contain("pixels");
  });

  it("explains what it cannot draw instead of leaving a blank", async () => {
    await open("dark", { ...editDiffFixture(), probes: [{ kind: "reliability" }] });
    expect(await page.getByRole("alert").innerText()).to.equal(
      "This output cannot be drawn: probes[0].question: expected a text, got nothing. Run the cell again.",
    );
  });

  it("leaves nothing behind", async () => {
    await open();
    await drop(page, "edit-diff", "e");
    const clean = await footprint(page);
    for (let i = 0; i < 3; i++) {
      await show(page, "edit-diff", "e", editDiffFixture());
      await drop(page, "edit-diff", "e");
    }
    expect(await footprint(page)).to.deep.equal(clean);
    expect(await page.locator("#e").innerHTML()).to.equal("");
  });
});
