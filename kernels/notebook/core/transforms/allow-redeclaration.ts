import ts from "typescript";

const { factory } = ts;

/**
 * Turns every top-level binding of a cell into `let`, because V8's REPL mode accepts a second declaration only when both are `let`.
 * That a `const` is not assigned is the type checker's business. Functions move to the front, where their hoisting had put them.
 * Works on JavaScript, after types are gone.
 */
export const allowRedeclaration: ts.TransformerFactory<ts.SourceFile> = () => (file) => {
  const hoisted: ts.Statement[] = [];
  const rest: ts.Statement[] = [];
  const declared = new Set<string>();
  for (const statement of file.statements) {
    if (ts.isExportDeclaration(statement)) continue;
    if (ts.isFunctionDeclaration(statement) && statement.name) hoisted.push(functionAsLet(statement));
    else if (ts.isClassDeclaration(statement) && statement.name) rest.push(classAsLet(statement));
    else if (ts.isVariableStatement(statement)) rest.push(...variablesAsLet(statement, declared));
    else rest.push(statement);
  }
  return factory.updateSourceFile(file, [...hoisted, ...rest]);
};

/** In `var x = 1; var x = 2;` the second declaration is an assignment. */
function variablesAsLet(statement: ts.VariableStatement, declared: Set<string>): ts.Statement[] {
  const { declarations } = statement.declarationList;
  const fresh: ts.VariableDeclaration[] = [];
  const assignments: ts.Statement[] = [];
  for (const declaration of declarations) {
    const { name, initializer } = declaration;
    if (!ts.isIdentifier(name) || !declared.has(name.text)) fresh.push(declaration);
    else if (initializer)
      assignments.push(factory.createExpressionStatement(factory.createAssignment(name, initializer)));
    if (ts.isIdentifier(name)) declared.add(name.text);
  }
  if (fresh.length === 0) return assignments;
  const list = ts.setTextRange(
    factory.createVariableDeclarationList(fresh, ts.NodeFlags.Let),
    statement.declarationList,
  );
  return [factory.updateVariableStatement(statement, undefined, list), ...assignments];
}

function functionAsLet(node: ts.FunctionDeclaration): ts.Statement {
  const modifiers = node.modifiers?.filter(ts.isModifier);
  const { asteriskToken, parameters, body } = node;
  return asLet(
    node,
    factory.createFunctionExpression(modifiers, asteriskToken, undefined, undefined, parameters, undefined, body!),
  );
}

function classAsLet(node: ts.ClassDeclaration): ts.Statement {
  return asLet(
    node,
    factory.createClassExpression(undefined, node.name, undefined, node.heritageClauses, node.members),
  );
}

function asLet(node: ts.FunctionDeclaration | ts.ClassDeclaration, value: ts.Expression): ts.Statement {
  const declaration = factory.createVariableDeclaration(node.name!, undefined, undefined, ts.setTextRange(value, node));
  const list = factory.createVariableDeclarationList([declaration], ts.NodeFlags.Let);
  return ts.setTextRange(factory.createVariableStatement(undefined, list), node);
}
