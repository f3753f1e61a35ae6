import ts from 'typescript';
import type { Declarations } from './declarations.ts';
import type { Package } from './workspace.ts';

/**
 * Lists public names without a docstring: every function, constant, class and type that an entry exports, the public
 * methods of classes, and every field of a type whose name ends in `Options`.
 */
export function missingDocs(packages: readonly Package[], declarations: Declarations): string[] {
  const missing = new Set<string>();
  for (const { entries } of packages) {
    for (const entry of entries) {
      for (const { name, target } of declarations.exportsOf(entry)) {
        const nodes = (target.declarations ?? []).map(statementOf);
        // one that is declared in another package is that package's to explain
        if (nodes.length === 0 || target.flags & ts.SymbolFlags.Alias) continue;
        if (!nodes.some(isDocumented)) missing.add(`${entry.specifier}: ${name} has no docstring`);
        for (const member of nodes.flatMap((node) => membersToExplain(name, node))) {
          if (!isDocumented(member) && !isForbidden(member))
            missing.add(`${entry.specifier}: ${name}.${memberName(member)} has no docstring`);
        }
      }
    }
  }
  return [...missing].sort();
}

/** Methods that the platform calls, and explains. */
const platformMethods: ReadonlySet<string> = new Set(['toJSON', 'toString', 'valueOf']);

/** A constant's comment stands at its statement. */
function statementOf(node: ts.Declaration): ts.Node {
  return ts.isVariableDeclaration(node) ? node.parent.parent : node;
}

function isDocumented(node: ts.Node): boolean {
  return ts
    .getJSDocCommentsAndTags(node)
    .some(
      (doc) => ts.isJSDoc(doc) && ((ts.getTextOfJSDocComment(doc.comment) ?? '') !== '' || (doc.tags?.length ?? 0) > 0),
    );
}

function membersToExplain(name: string, node: ts.Node): readonly (ts.TypeElement | ts.ClassElement)[] {
  if (ts.isClassDeclaration(node)) {
    return node.members.filter(
      (member) =>
        ts.isMethodDeclaration(member) &&
        ts.isIdentifier(member.name) &&
        !platformMethods.has(member.name.text) &&
        !isPrivate(member),
    );
  }
  if (!name.endsWith('Options')) return [];
  if (ts.isInterfaceDeclaration(node)) return node.members;
  return ts.isTypeAliasDeclaration(node) ? literalMembers(node.type) : [];
}

/** The fields of an object type that is written out, alone or as a part of a union or an intersection. */
function literalMembers(type: ts.TypeNode): readonly ts.TypeElement[] {
  if (ts.isTypeLiteralNode(type)) return type.members;
  if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type)) return type.types.flatMap(literalMembers);
  return ts.isParenthesizedTypeNode(type) ? literalMembers(type.type) : [];
}

/** `readonly sealer?: undefined` says that the member belongs to another branch. */
function isForbidden(member: ts.TypeElement | ts.ClassElement): boolean {
  const type = ts.isPropertySignature(member) ? member.type?.kind : undefined;
  return type === ts.SyntaxKind.UndefinedKeyword || type === ts.SyntaxKind.NeverKeyword;
}

function isPrivate(member: ts.MethodDeclaration): boolean {
  return (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private) !== 0;
}

function memberName(member: ts.TypeElement | ts.ClassElement): string {
  return member.name?.getText() ?? 'its signature';
}
