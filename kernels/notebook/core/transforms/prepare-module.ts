import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";

const { factory } = ts;

/** Replaces the specifiers of the static imports and exports that remain after types are gone. */
export function replaceSpecifiers(replace: (specifier: string) => string): ts.TransformerFactory<ts.SourceFile> {
  return () => (file) => factory.updateSourceFile(file, file.statements.map(replaced));

  function replaced(statement: ts.Statement): ts.Statement {
    if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
      const specifier = factory.createStringLiteral(replace(statement.moduleSpecifier.text));
      return factory.updateImportDeclaration(
        statement,
        statement.modifiers,
        statement.importClause,
        specifier,
        undefined,
      );
    }
    if (
      ts.isExportDeclaration(statement) &&
      statement.moduleSpecifier &&
      ts.isStringLiteral(statement.moduleSpecifier)
    ) {
      const specifier = factory.createStringLiteral(replace(statement.moduleSpecifier.text));
      const { modifiers, isTypeOnly, exportClause } = statement;
      return factory.updateExportDeclaration(statement, modifiers, isTypeOnly, exportClause, specifier, undefined);
    }
    return statement;
  }
}

/** Makes `import.meta` tell the place of the user's own file, although a transpiled copy runs. */
export function restoreMeta(path: string): ts.TransformerFactory<ts.SourceFile> {
  const meta = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) };
  const properties = Object.entries(meta).map(([key, value]) =>
    factory.createPropertyAssignment(key, factory.createStringLiteral(value)),
  );
  return () => (file) => {
    const target = factory.createMetaProperty(ts.SyntaxKind.ImportKeyword, factory.createIdentifier("meta"));
    const assign = factory.createPropertyAccessExpression(factory.createIdentifier("Object"), "assign");
    const call = factory.createCallExpression(assign, undefined, [
      target,
      factory.createObjectLiteralExpression(properties),
    ]);
    return factory.updateSourceFile(file, [factory.createExpressionStatement(call), ...file.statements]);
  };
}
