import ts from "typescript";
import { names } from "../runtime-names.ts";

const { factory } = ts;

/** A cell is a script: `export` before a declaration goes away, export lists vanish, `export default x` is the expression x. */
export const dropExports: ts.TransformerFactory<ts.SourceFile> = () => (file) =>
  factory.updateSourceFile(file, file.statements.flatMap(withoutExport));

function withoutExport(statement: ts.Statement): ts.Statement[] {
  if (ts.isExportDeclaration(statement)) {
    if (statement.isTypeOnly || !statement.moduleSpecifier) return [];
    const load = factory.createCallExpression(factory.createIdentifier(names.import), undefined, [
      factory.createVoidZero(),
      statement.moduleSpecifier,
    ]);
    return [factory.createExpressionStatement(factory.createAwaitExpression(load))];
  }
  if (ts.isExportAssignment(statement))
    return [ts.setTextRange(factory.createExpressionStatement(statement.expression), statement)];
  if (!ts.canHaveModifiers(statement) || !statement.modifiers?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword))
    return [statement];
  const isExport = (m: ts.ModifierLike) =>
    m.kind === ts.SyntaxKind.ExportKeyword || m.kind === ts.SyntaxKind.DefaultKeyword;
  const modifiers = statement.modifiers.filter((m) => !isExport(m));
  if (ts.isClassDeclaration(statement)) {
    const { name, typeParameters, heritageClauses, members } = statement;
    return [
      factory.updateClassDeclaration(statement, modifiers, name ?? unnamed(), typeParameters, heritageClauses, members),
    ];
  }
  const kept = modifiers.filter((m) => !ts.isDecorator(m)) as ts.Modifier[];
  if (ts.isFunctionDeclaration(statement) && !statement.name) {
    const { asteriskToken, typeParameters, parameters, type, body } = statement;
    return [
      factory.updateFunctionDeclaration(
        statement,
        kept,
        asteriskToken,
        unnamed(),
        typeParameters,
        parameters,
        type,
        body,
      ),
    ];
  }
  return [factory.replaceModifiers(statement, kept) as ts.Statement];
}

const unnamed = () => factory.createUniqueName("default");
