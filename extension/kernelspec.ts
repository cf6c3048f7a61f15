/** Notebook type of `.ipynb` files; VS Code's own serializer reads and writes them. */
export const NOTEBOOK_TYPE = "jupyter-notebook";

/** Metadata that tells VS Code, JupyterLab and GitHub that the cells are TypeScript for this kernel. */
export const notebookMetadata = {
  kernelspec: { name: "medke", display_name: "TypeScript (medke)", language: "typescript" },
  language_info: { name: "typescript", file_extension: ".ts", mimetype: "text/typescript" },
};

interface Metadata {
  metadata?: { kernelspec?: { name?: string; language?: string }; language_info?: { name?: string } };
}

/** The notebook names this kernel, so that it can be started before the first cell is run. */
export function namesThisKernel(metadata: object): boolean {
  return (metadata as Metadata).metadata?.kernelspec?.name === notebookMetadata.kernelspec.name;
}

/** The notebook says that its cells are TypeScript, whoever runs them. */
export function isTypeScriptNotebook(metadata: object): boolean {
  const { kernelspec, language_info } = (metadata as Metadata).metadata ?? {};
  return (kernelspec?.language ?? language_info?.name) === "typescript";
}

/** The notebook's metadata with this kernel written in; everything else is kept. */
export function withThisKernel(metadata: object): object {
  return { ...metadata, metadata: { ...(metadata as Metadata).metadata, ...notebookMetadata } };
}
