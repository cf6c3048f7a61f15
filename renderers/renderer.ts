import type { OutputItem, RendererApi } from "vscode-notebook-renderer";
import { showMessage } from "./message.ts";
import type { ShowView, View } from "./view.ts";

/** A notebook renderer around a view: one view an output item, replaced when the item is drawn again, disposed with it. */
export function renderer(show: ShowView): RendererApi {
  const views = new Map<string, View>();
  const close = (id: string) => {
    views.get(id)?.dispose();
    views.delete(id);
  };
  return {
    async renderOutputItem(item: OutputItem, element: HTMLElement, signal: AbortSignal) {
      close(item.id);
      if (signal.aborted) return;
      element.replaceChildren();
      try {
        const view = show(element, item.json());
        views.set(item.id, view);
        await view.ready;
      } catch (error) {
        if (signal.aborted) return;
        close(item.id);
        views.set(item.id, showMessage(element, error));
      }
    },
    disposeOutputItem(id?: string) {
      for (const each of id === undefined ? [...views.keys()] : [id]) close(each);
    },
  };
}
