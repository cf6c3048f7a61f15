import ts from "typescript";
import { names } from "../runtime-names.ts";

const { factory } = ts;
const call = (name: string, args: readonly ts.Expression[]) =>
  factory.createCallExpression(factory.createIdentifier(name), undefined, args);

/** `import(x)` becomes a call of the kernel's own import; `from` is the importing file, or undefined for a cell. */
export function rewriteDynamicImports(from: string | undefined): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => {
    const visit = (node: ts.Node): ts.Node => {
      const visited = ts.visitEachChild(node, visit, context);
      if (ts.isCallExpression(visited) && visited.expression.kind === ts.SyntaxKind.ImportKeyword)
        return ts.setTextRange(
          call(names.import, [importer(from), visited.arguments[0] ?? factory.createVoidZero()]),
          visited,
        );
      return visited;
    };
    return ts.visitEachChild(file, visit, context);
  };
}

const importer = (from: string | undefined) =>
  from === undefined ? factory.createVoidZero() : factory.createStringLiteral(from);

/**
 * Import declarations of a cell become `const { a } = await import(…)` in front of its code, and `import.meta` a global: a cell is a
 * script. Names at `typeOnly` positions are left out; other unused names stay, for later cells may use them.
 */
export function rewriteCellImports(typeOnly: ReadonlySet<number>): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => {
    const meta = (node: ts.Node): ts.Node =>
      ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword
        ? factory.createIdentifier(names.meta)
        : ts.visitEachChild(node, meta, context);
    const imports = file.statements
      .filter(ts.isImportDeclaration)
      .flatMap((statement) => importStatement(statement, typeOnly, file));
    const others = file.statements.filter((statement) => !ts.isImportDeclaration(statement));
    return factory.updateSourceFile(file, [...imports, ...others.map((statement) => meta(statement) as ts.Statement)]);
  };
}

function importStatement(
  node: ts.ImportDeclaration,
  typeOnly: ReadonlySet<number>,
  file: ts.SourceFile,
): ts.Statement[] {
  const clause = node.importClause;
  const loaded = factory.createAwaitExpression(
    ts.setTextRange(call(names.import, [factory.createVoidZero(), node.moduleSpecifier]), node),
  );
  const sideEffect = () => [ts.setTextRange(factory.createExpressionStatement(loaded), node)];
  if (clause === undefined) return sideEffect();
  if (clause.isTypeOnly) return [];

  const isValue = (name: ts.Identifier) => !typeOnly.has(name.getStart(file));
  const bindings = clause.namedBindings;
  const elements: ts.BindingElement[] = [];
  if (clause.name && isValue(clause.name))
    elements.push(factory.createBindingElement(undefined, "default", clause.name));
  if (bindings && ts.isNamedImports(bindings))
    for (const element of bindings.elements)
      if (!element.isTypeOnly && isValue(element.name))
        elements.push(factory.createBindingElement(undefined, element.propertyName ?? element.name, element.name));

  const declare = (name: ts.BindingName, value: ts.Expression) =>
    factory.createVariableDeclaration(name, undefined, undefined, value);
  const declarations: ts.VariableDeclaration[] = [];
  if (bindings && ts.isNamespaceImport(bindings)) {
    declarations.push(declare(bindings.name, loaded));
    if (elements.length) declarations.push(declare(factory.createObjectBindingPattern(elements), bindings.name));
  } else if (elements.length) declarations.push(declare(factory.createObjectBindingPattern(elements), loaded));
  else if (bindings && ts.isNamedImports(bindings) && bindings.elements.length === 0) return sideEffect();
  if (declarations.length === 0) return [];
  const list = factory.createVariableDeclarationList(declarations, ts.NodeFlags.Const);
  return [ts.setTextRange(factory.createVariableStatement(undefined, list), node)];
}
