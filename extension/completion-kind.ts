import * as vscode from "vscode";

const { CompletionItemKind: Kind } = vscode;
const kinds: Record<string, vscode.CompletionItemKind> = {
  keyword: Kind.Keyword,
  "primitive type": Kind.Keyword,
  module: Kind.Module,
  "external module name": Kind.Module,
  class: Kind.Class,
  "local class": Kind.Class,
  interface: Kind.Interface,
  type: Kind.Interface,
  "type parameter": Kind.TypeParameter,
  enum: Kind.Enum,
  "enum member": Kind.EnumMember,
  function: Kind.Function,
  "local function": Kind.Function,
  method: Kind.Method,
  construct: Kind.Constructor,
  constructor: Kind.Constructor,
  property: Kind.Property,
  getter: Kind.Property,
  setter: Kind.Property,
  accessor: Kind.Property,
  const: Kind.Constant,
  string: Kind.Constant,
  directory: Kind.Folder,
  script: Kind.File,
};

/** VS Code's icon for a kind of TypeScript's language service; anything that holds a value is a variable. */
export const completionKind = (kind: string): vscode.CompletionItemKind =>
  Object.hasOwn(kinds, kind) ? kinds[kind]! : Kind.Variable;
