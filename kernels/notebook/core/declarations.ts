import ts from "typescript";

/** How a top-level name of a cell can be used by later cells. `alias`: value, type or both, as an import or a class has them. */
export type DeclarationKind = "const" | "let" | "alias" | "type";

/** The names that a cell declares at its top level, `export` or not. */
export function topLevelDeclarations(statements: readonly ts.Statement[]): Map<string, DeclarationKind> {
  const names = new Map<string, DeclarationKind>();
  const add = (name: string, kind: DeclarationKind) => {
    const known = names.get(name);
    names.set(name, known !== undefined && known !== kind ? "alias" : kind);
  };
  const bind = (name: ts.BindingName, kind: DeclarationKind): void => {
    if (ts.isIdentifier(name)) add(name.text, kind);
    else for (const element of name.elements) if (!ts.isOmittedExpression(element)) bind(element.name, kind);
  };
  for (const statement of statements) {
    if (ts.isVariableStatement(statement)) {
      const { flags, declarations } = statement.declarationList;
      for (const { name } of declarations) bind(name, flags & ts.NodeFlags.Const ? "const" : "let");
    } else if (
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement)
    ) {
      if (statement.name) add(statement.name.text, "alias");
    } else if (ts.isModuleDeclaration(statement)) {
      if (ts.isIdentifier(statement.name) && !isGlobalAugmentation(statement)) add(statement.name.text, "alias");
    } else if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
      add(statement.name.text, "type");
    else if (ts.isImportDeclaration(statement)) for (const name of importedNames(statement)) add(name.text, "alias");
    else if (ts.isImportEqualsDeclaration(statement)) add(statement.name.text, "alias");
  }
  return names;
}

/** The local names that an import declaration binds. */
export function importedNames(statement: ts.ImportDeclaration): ts.Identifier[] {
  const clause = statement.importClause;
  const bindings = clause?.namedBindings;
  const named =
    bindings === undefined
      ? []
      : ts.isNamespaceImport(bindings)
        ? [bindings.name]
        : bindings.elements.map((e) => e.name);
  return clause?.name ? [clause.name, ...named] : named;
}

/** Names that the cell exports under their own name already; exporting them once more would be an error. */
export function exportedNames(source: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause))
      for (const element of statement.exportClause.elements) names.add(element.name.text);
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const has = (kind: ts.SyntaxKind) => modifiers.some((modifier) => modifier.kind === kind);
    if (!has(ts.SyntaxKind.ExportKeyword) || has(ts.SyntaxKind.DefaultKeyword)) continue;
    for (const name of topLevelDeclarations([statement]).keys()) names.add(name);
  }
  return names;
}

/** Every identifier that occurs, property names included: a superset of the earlier names that the cell uses. */
export function mentionedNames(source: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

/** `declare global { … }` or `declare module "x" { … }`: changes types for all later cells, not only for those that use its names. */
export function augmentsGlobals(source: ts.SourceFile): boolean {
  return source.statements.some((statement) => ts.isModuleDeclaration(statement) && isGlobalAugmentation(statement));
}

const isGlobalAugmentation = (node: ts.ModuleDeclaration) =>
  ts.isStringLiteral(node.name) || (node.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
