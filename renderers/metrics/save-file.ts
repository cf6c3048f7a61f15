/** Offers a data or blob URL as a download; notebook outputs turn the click into VS Code's save dialog. */
export function saveFile(near: HTMLElement, url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.hidden = true;
  near.append(link);
  link.click();
  link.remove();
}

/** A title as a file name: letters, digits and hyphens. */
export const fileName = (title: string, extension: string): string =>
  `${
    title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 60) || "metrics"
  }.${extension}`;
