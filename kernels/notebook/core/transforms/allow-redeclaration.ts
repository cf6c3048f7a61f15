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
    else if (ts.isVariableStatement(statement) && !repeatsName(statement, declared))
      rest.push(variablesAsLet(statement));
    else rest.push(statement);
  }
  return factory.updateSourceFile(file, [...hoisted, ...rest]);
};

/** `var x; var x;` in one cell is legal and must stay `var`. */
function repeatsName(statement: ts.VariableStatement, declared: Set<string>): boolean {
  const names = statement.declarationList.declarations.map(({ name }) => (ts.isIdentifier(name) ? name.text : ""));
  const repeated = names.some((name) => declared.has(name));
  for (const name of names) if (name) declared.add(name);
  return repeated;
}

function variablesAsLet(statement: ts.VariableStatement): ts.Statement {
  const list = factory.createVariableDeclarationList(statement.declarationList.declarations, ts.NodeFlags.Let);
  return factory.updateVariableStatement(statement, undefined, ts.setTextRange(list, statement.declarationList));
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
