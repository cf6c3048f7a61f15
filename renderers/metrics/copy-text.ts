/** Puts text on the clipboard; false where the browser refuses both ways. */
export async function copyText(near: HTMLElement, text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Outputs and pages opened from a file may lack the permission; the older way needs only the click.
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "medke-unseen";
    near.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
