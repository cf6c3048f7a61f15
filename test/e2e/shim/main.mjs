// VS Code's test mode wants an extension under development; this one does nothing, so that only the installed package is tested.
export function activate() {}
