import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/**
 * Reads which values the sources of a folder give to a name that is left out: `{ name = value }`, `options.name ?? value`
 * and `name: v.optional(schema, value)`, the value a literal or a constant of the folder. Emulators are left aside.
 */
export function readDefaults(folder: string): Map<string, Set<string>> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('emulator'))
    .map((file) => ts.createSourceFile(file, readFileSync(join(folder, file), 'utf8'), ts.ScriptTarget.ES2022, true));
  const constants = new Map<string, ts.Expression>();
  for (const file of files) {
    for (const statement of file.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (initializer !== undefined && ts.isIdentifier(name)) constants.set(name.text, initializer);
      }
    }
  }
  const defaults = new Map<string, Set<string>>();
  const add = (name: ts.Node, expression: ts.Expression): void => {
    const value = literalOf(expression, constants);
    if (value === undefined) return;
    const key = name.getText().replaceAll(/^['"]|['"]$/g, '');
    defaults.set(key, (defaults.get(key) ?? new Set()).add(value));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isBindingElement(node) && node.initializer !== undefined)
      add(node.propertyName ?? node.name, node.initializer);
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) {
      if (ts.isPropertyAccessExpression(node.left)) add(node.left.name, node.right);
    }
    if (ts.isPropertyAssignment(node) && ts.isCallExpression(node.initializer)) {
      const { expression, arguments: given } = node.initializer;
      if (/^v\.(?:optional|nullish)$/.test(expression.getText()) && given[1] !== undefined) add(node.name, given[1]);
    }
    ts.forEachChild(node, visit);
  };
  files.forEach(visit);
  return defaults;
}

function literalOf(node: ts.Expression, constants: ReadonlyMap<string, ts.Expression>): string | undefined {
  if (ts.isStringLiteral(node)) return node.text;
  if (ts.isNumericLiteral(node)) return String(Number(node.text.replaceAll('_', '')));
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) return node.getText();
  if (ts.isIdentifier(node)) {
    const constant = constants.get(node.text);
    return constant === undefined || constant === node ? undefined : literalOf(constant, constants);
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AsteriskToken) {
    const product = Number(literalOf(node.left, constants)) * Number(literalOf(node.right, constants));
    return Number.isNaN(product) ? undefined : String(product);
  }
  return undefined;
}
