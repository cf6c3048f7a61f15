import ts from "typescript";

const { factory } = ts;

/** The expression whose value is the cell's result, if the cell ends with one. */
export function lastExpression(statements: readonly ts.Statement[]): ts.ExpressionStatement | undefined {
  const last = statements.findLast(
    (statement) => !ts.isEmptyStatement(statement) && !ts.isImportDeclaration(statement),
  );
  return last && ts.isExpressionStatement(last) ? last : undefined;
}

/** Awaits the last expression, so that a promise shows what it resolves to and a rejection belongs to the cell. */
export const awaitLastExpression: ts.TransformerFactory<ts.SourceFile> = () => (file) => {
  const last = lastExpression(file.statements);
  if (!last || ts.isAwaitExpression(last.expression)) return file;
  const awaited = factory.updateExpressionStatement(
    last,
    factory.createAwaitExpression(factory.createParenthesizedExpression(last.expression)),
  );
  return factory.updateSourceFile(
    file,
    file.statements.map((statement) => (statement === last ? awaited : statement)),
  );
};
