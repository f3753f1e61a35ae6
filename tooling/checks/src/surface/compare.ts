import ts from 'typescript';

/** Whether users hand a type in, or are given it. */
type Role = 'in' | 'out';
type Roles = ReadonlySet<Role>;
type Owner = ts.InterfaceDeclaration | ts.ClassDeclaration | ts.TypeLiteralNode;

/** The declarations of a report, by name. */
interface Surface {
  readonly exported: ReadonlySet<string>;
  readonly nodes: ReadonlyMap<string, readonly ts.Statement[]>;
  /** What `name` means where it comes from elsewhere. */
  readonly origins: ReadonlyMap<string, string>;
}

/**
 * Lists what code that compiled with the old surface of an entry may lose with the new one.
 *
 * New names, new optional members, new members of what users are given and new members of unions pass. Everything that
 * is gone or reads differently counts as breaking, and so does a new required member of what users hand in.
 */
export function breakingChanges(before: string, after: string): string[] {
  const [old, now] = [parseReport(before), parseReport(after)];
  const found: string[] = [];
  const roles = rolesOf(now);
  for (const name of old.exported) if (!now.exported.has(name)) found.push(`${name} is gone`);
  for (const [name, origin] of old.origins) {
    const next = now.origins.get(name);
    if (next !== undefined && next !== origin) found.push(`${name} comes from ${next} and not from ${origin}`);
  }
  for (const [name, statements] of old.nodes) {
    const next = now.nodes.get(name);
    if (next !== undefined) found.push(...compareStatements(name, statements, next, roles(name)));
  }
  return [...new Set(found)];
}

function parseReport(report: string): Surface {
  const code = /^```ts\n([\s\S]*?)^```$/m.exec(report)?.[1] ?? '';
  const source = ts.createSourceFile('report.ts', code, ts.ScriptTarget.ES2022, true);
  const exported = new Set<string>();
  const nodes = new Map<string, ts.Statement[]>();
  const origins = new Map<string, string>();
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
      const bindings = statement.importClause?.namedBindings;
      if (bindings === undefined) continue;
      const origin = packageOf(statement.moduleSpecifier.text);
      if (ts.isNamespaceImport(bindings)) origins.set(bindings.name.text, `${origin} as a whole`);
      else for (const { name, propertyName } of bindings.elements) origins.set(name.text, named(origin, propertyName));
    } else if (ts.isExportDeclaration(statement)) {
      const { exportClause } = statement;
      if (exportClause === undefined || !ts.isNamedExports(exportClause)) continue;
      for (const { name, propertyName } of exportClause.elements) {
        exported.add(name.text);
        const { moduleSpecifier } = statement;
        const origin =
          moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? packageOf(moduleSpecifier.text) : 'here';
        origins.set(`export ${name.text}`, named(origin, propertyName));
      }
    } else {
      const name = nameOf(statement);
      if (ts.canHaveModifiers(statement) && statement.modifiers?.some(isExport)) exported.add(name);
      nodes.set(name, [...(nodes.get(name) ?? []), statement]);
    }
  }
  return { exported, nodes, origins };
}

/** A package may move a name from one of its subpaths to another; what it is stays in its hands. */
function packageOf(origin: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(origin)?.[0] ?? origin;
}

function named(origin: string, name: ts.ModuleExportName | undefined): string {
  return name === undefined ? origin : `${origin} as ${name.text}`;
}

function isExport({ kind }: ts.ModifierLike): boolean {
  return kind === ts.SyntaxKind.ExportKeyword;
}

function nameOf(statement: ts.Statement): string {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations[0]?.name.getText() ?? '';
  const named = statement as ts.Statement & { readonly name?: ts.Node };
  return named.name?.getText() ?? statement.getText();
}

/** Parameters are handed in, results are given out, and callbacks turn this round. */
function rolesOf({ nodes, exported }: Surface): (name: string) => Roles {
  const seen = new Map<string, Set<Role>>();
  const visit = (node: ts.Node, role: Role): void => {
    if (ts.isFunctionLike(node)) {
      for (const parameter of node.parameters) visit(parameter, role === 'in' ? 'out' : 'in');
      for (const inner of [node.type, ...(node.typeParameters ?? [])]) if (inner !== undefined) visit(inner, role);
      return;
    }
    if (ts.isIdentifier(node) && nodes.has(node.text)) enter(node.text, role);
    ts.forEachChild(node, (child) => visit(child, role));
  };
  const enter = (name: string, role: Role): void => {
    const roles = seen.get(name) ?? new Set();
    if (roles.has(role)) return;
    seen.set(name, roles.add(role));
    for (const statement of nodes.get(name) ?? []) if (isType(statement)) visit(statement, role);
  };
  for (const statement of [...nodes.values()].flat()) if (!isType(statement)) visit(statement, 'out');
  // what no function mentions may be used either way
  for (const name of [...exported].filter((name) => !seen.has(name))) {
    enter(name, 'in');
    enter(name, 'out');
  }
  return (name) => seen.get(name) ?? new Set();
}

function isType(statement: ts.Statement): boolean {
  return ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
}

function compareStatements(
  name: string,
  before: readonly ts.Statement[],
  after: readonly ts.Statement[],
  roles: Roles,
): string[] {
  const left = before.filter((old) => !after.some((next) => textOf(next) === textOf(old)));
  return left.flatMap((old) => {
    const next = after.find(({ kind }) => kind === old.kind);
    if (next !== undefined && isOwner(old) && isOwner(next) && headOf(old) === headOf(next)) {
      return compareMembers(name, old, next, roles);
    }
    if (next !== undefined && ts.isTypeAliasDeclaration(old) && ts.isTypeAliasDeclaration(next)) {
      const parameters = [old, next].map(({ typeParameters }) => typeParameters?.map(textOf).join());
      if (parameters[0] === parameters[1]) return compareTypes(name, old.type, next.type, roles);
    }
    return `${name} is another: ${textOf(old)}${next === undefined ? '' : ` → ${textOf(next)}`}`;
  });
}

function isOwner(node: ts.Node): node is Owner {
  return ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node) || ts.isTypeLiteralNode(node);
}

/** What stands before the members. Whether it is exported is looked at elsewhere. */
function headOf(node: Owner): string {
  return textOf(node).split('{')[0] ?? '';
}

function compareMembers(name: string, before: Owner, after: Owner, roles: Roles): string[] {
  const found: string[] = [];
  const [old, next] = [membersOf(before), membersOf(after)];
  for (const [key, members] of old) {
    const others = next.get(key);
    if (others === undefined) found.push(`${name}.${key} is gone`);
    else if (members.map(textOf).join() !== others.map(textOf).join()) {
      const [member, other] = [members[0], others[0]];
      const isProperty = members.length === 1 && others.length === 1 && member !== undefined && other !== undefined;
      if (!isProperty) found.push(`${name}.${key} has other signatures`);
      else found.push(...compareProperties(`${name}.${key}`, member, other, roles));
    }
  }
  for (const [key, members] of next) {
    if (old.has(key)) continue;
    const isOptional = members.every((member) => 'questionToken' in member && member.questionToken !== undefined);
    if (!isOptional && roles.has('in')) found.push(`${name}.${key} is new and required`);
    if (members.some((member) => member.name === undefined)) found.push(`${name} has another signature`);
  }
  return found;
}

function membersOf(owner: Owner): Map<string, (ts.TypeElement | ts.ClassElement)[]> {
  const members = new Map<string, (ts.TypeElement | ts.ClassElement)[]>();
  for (const member of owner.members) {
    const key = member.name === undefined ? ts.SyntaxKind[member.kind] : textOf(member.name);
    members.set(key, [...(members.get(key) ?? []), member]);
  }
  return members;
}

function compareProperties(name: string, before: ts.Node, after: ts.Node, roles: Roles): string[] {
  const isSame =
    ts.isPropertySignature(before) && ts.isPropertySignature(after) && declarator(before) === declarator(after);
  if (isSame && before.type !== undefined && after.type !== undefined) {
    return compareTypes(name, before.type, after.type, roles);
  }
  return [`${name} is another: ${textOf(before)} → ${textOf(after)}`];
}

function declarator({ modifiers = ts.factory.createNodeArray(), name, questionToken }: ts.PropertySignature): string {
  return [...modifiers.map(textOf), textOf(name), questionToken === undefined ? '' : '?'].join(' ');
}

function compareTypes(name: string, before: ts.TypeNode, after: ts.TypeNode, roles: Roles): string[] {
  if (textOf(before) === textOf(after)) return [];
  if (ts.isTypeLiteralNode(before) && ts.isTypeLiteralNode(after)) return compareMembers(name, before, after, roles);
  const [old, next] = [partsOf(before), partsOf(after)];
  const fits = (part: ts.TypeNode, other: ts.TypeNode): boolean =>
    textOf(part) === textOf(other) ||
    (ts.isTypeLiteralNode(part) &&
      ts.isTypeLiteralNode(other) &&
      compareMembers(name, part, other, roles).length === 0);
  const lost = old.filter((part) => !next.some((other) => fits(part, other)));
  const fresh = next.filter((other) => !old.some((part) => fits(part, other)));
  // a closed set may grow, by a code or by an event; a value that was always there must not become absent
  const grows = old.length > 1 && fresh.every((part) => isText(part) || ts.isTypeLiteralNode(part));
  return [
    ...lost.map((part) => `${name} is no longer ${textOf(part)}`),
    ...(grows || !roles.has('out') ? [] : fresh.map((part) => `${name} may also be ${textOf(part)}`)),
  ];
}

function isText(type: ts.TypeNode): boolean {
  return ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal);
}

function partsOf(type: ts.TypeNode): readonly ts.TypeNode[] {
  return ts.isUnionTypeNode(type) ? type.types : [type];
}

function textOf(node: ts.Node): string {
  return node
    .getText()
    .replace(/^export /, '')
    .replaceAll(/\s+/g, ' ');
}
