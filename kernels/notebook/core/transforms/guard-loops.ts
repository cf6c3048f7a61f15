import ts from "typescript";
import { names } from "../runtime-names.ts";

const { factory } = ts;

/**
 * Puts a test of the interrupt flag in front of every loop body, because nothing else stops a loop that runs after an await without
 * killing the process. It costs about 10 ns an iteration.
 *
 * A function remembers the run that entered it. So an interrupted `while (true) await …` stops at its next iteration although the
 * flag of the *current* run is down again, and a function that an interrupted cell defined can still be called by later cells.
 * A sync generator may be created in one run and used in another, so it asks for the current run each time.
 *
 * `topLevelSlot`: the slot of the cell's run, or undefined for a module, whose top level asks for the current run.
 */
export function guardLoops(topLevelSlot: number | undefined): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => {
    const topLevel = topLevelSlot === undefined ? currentSlot() : factory.createNumericLiteral(topLevelSlot);
    let slot: { expression: ts.Expression; used: boolean } = { expression: topLevel, used: false };

    const inFunction = (node: ts.Node): ts.Node => {
      const outer = slot;
      const isSyncGenerator = "asteriskToken" in node && node.asteriskToken !== undefined && !isAsync(node);
      slot = { expression: isSyncGenerator ? currentSlot() : factory.createIdentifier(names.slot), used: false };
      const visited = ts.visitEachChild(node, visit, context);
      const captures = slot.used && !isSyncGenerator;
      slot = outer;
      return captures ? withCapturedSlot(visited) : visited;
    };
    const visit = (node: ts.Node): ts.Node => {
      if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)) return inFunction(node);
      const visited = ts.visitEachChild(node, visit, context);
      if (!ts.isIterationStatement(visited, false)) return visited;
      slot.used = true;
      return withBody(visited, guarded(visited.statement, slot.expression));
    };
    return ts.visitEachChild(file, visit, context);
  };
}

const flags = () => factory.createIdentifier(names.flags);
const load = (index: ts.Expression) =>
  factory.createCallExpression(
    factory.createPropertyAccessExpression(factory.createIdentifier("Atomics"), "load"),
    undefined,
    [flags(), index],
  );
const currentSlot = () => load(factory.createNumericLiteral(0));
const isAsync = (node: ts.Node) =>
  ts.canHaveModifiers(node) &&
  ts.getModifiers(node)?.some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword) === true;

function guarded(body: ts.Statement, slot: ts.Expression): ts.Statement {
  const stop = factory.createExpressionStatement(
    factory.createCallExpression(factory.createIdentifier(names.interrupted), undefined, []),
  );
  const statements = ts.isBlock(body) ? body.statements : [body];
  return ts.setTextRange(factory.createBlock([factory.createIfStatement(load(slot), stop), ...statements], true), body);
}

function withBody(loop: ts.IterationStatement, body: ts.Statement): ts.Statement {
  if (ts.isForStatement(loop))
    return factory.updateForStatement(loop, loop.initializer, loop.condition, loop.incrementor, body);
  if (ts.isForOfStatement(loop))
    return factory.updateForOfStatement(loop, loop.awaitModifier, loop.initializer, loop.expression, body);
  if (ts.isForInStatement(loop)) return factory.updateForInStatement(loop, loop.initializer, loop.expression, body);
  if (ts.isWhileStatement(loop)) return factory.updateWhileStatement(loop, loop.expression, body);
  return factory.updateDoStatement(loop as ts.DoStatement, body, (loop as ts.DoStatement).expression);
}

/** The function with `const slot = <current run>` as the first statement after its directives. */
function withCapturedSlot(node: ts.Node): ts.Node {
  const capture = factory.createVariableStatement(
    undefined,
    factory.createVariableDeclarationList(
      [factory.createVariableDeclaration(names.slot, undefined, undefined, currentSlot())],
      ts.NodeFlags.Const,
    ),
  );
  const prepend = (body: ts.Block) => {
    const isDirective = (s: ts.Statement) => ts.isExpressionStatement(s) && ts.isStringLiteral(s.expression);
    const firstCode = body.statements.findIndex((statement) => !isDirective(statement));
    const at = firstCode < 0 ? body.statements.length : firstCode;
    return factory.updateBlock(body, [...body.statements.slice(0, at), capture, ...body.statements.slice(at)]);
  };
  // Every function that holds a loop has a block body, and visitEachChild of a node without other changes replaces just that block.
  let replaced = false;
  return ts.visitEachChild(
    node,
    (child) => (!replaced && ts.isBlock(child) ? ((replaced = true), prepend(child)) : child),
    undefined,
  );
}
