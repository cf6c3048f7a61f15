import type { FormOptions, PhantomForm } from "../../../../datasets/phantom/forms/form.ts";

/** Every file of an export by its path. */
export async function exportFiles(form: PhantomForm, options: FormOptions): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for await (const { path, bytes } of form.files(options)) {
    if (files.has(path)) throw new Error(`${path} is written twice`);
    files.set(path, bytes);
  }
  return files;
}

export const parsed = <T>(files: Map<string, Uint8Array>, path: string): T =>
  JSON.parse(new TextDecoder().decode(files.get(path))) as T;
