import { CONFUSION_MIME } from "../kernels/display/confusion.ts";
import { CURVES_MIME } from "../kernels/display/curves.ts";
import { EDIT_DIFF_MIME } from "../kernels/display/edit-diff.ts";
import { METRICS_MIME } from "../kernels/display/metrics.ts";
import { showConfusion } from "./confusion/view.ts";
import { showCurves } from "./curves/view.ts";
import { showEditDiff } from "./edit-diff/view.ts";
import { html } from "./element.ts";
import { showMetrics } from "./metrics/view.ts";
import type { ShowView } from "./view.ts";

// Runs in an exported page. Each `.medke-output[data-mime]` holds its data in a script element of that type and a picture
// (`img.medke-fallback`); the picture is what readers see until the view is complete, and what they keep if it fails.
const SHOW: Record<string, ShowView> = {
  [METRICS_MIME]: showMetrics,
  [EDIT_DIFF_MIME]: showEditDiff,
  [CONFUSION_MIME]: showConfusion,
  [CURVES_MIME]: showCurves,
};

function open(output: HTMLElement): void {
  const show = SHOW[output.dataset.mime ?? ""];
  const data = [...output.querySelectorAll("script")].find((script) => script.type === output.dataset.mime);
  if (!show || !data) return;
  const fallback = output.querySelector<HTMLElement>("img.medke-fallback");
  const host = html("div");
  // Before the picture, so that a hidden picture leaves no gap; laid out at once, because a plot needs its width.
  output.prepend(host);
  const giveUp = (error: unknown) => {
    host.remove();
    // eslint-disable-next-line no-console -- the page shows its picture instead; the reason is for whoever looks
    console.warn("medke: the interactive view could not be drawn.", error);
  };
  try {
    const view = show(host, JSON.parse(data.textContent ?? ""));
    view.ready.then(
      () => fallback?.setAttribute("hidden", ""),
      (error: unknown) => {
        view.dispose();
        giveUp(error);
      },
    );
  } catch (error) {
    giveUp(error);
  }
}

const openAll = () => document.querySelectorAll<HTMLElement>(".medke-output[data-mime]").forEach(open);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", openAll, { once: true });
else openAll();
