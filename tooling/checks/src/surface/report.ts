import ts from 'typescript';
import { compareText, type Declarations, importedFrom } from '../declarations.ts';
import type { Entry } from '../workspace.ts';

const printer = ts.createPrinter({ removeComments: true, newLine: ts.NewLineKind.LineFeed });

/**
 * Writes what an entry exports, and every type of the package that it mentions, as declarations in a stable order.
 *
 * Names and members are sorted, comments and private members are left out, so that a line differs only where the
 * surface does. What is not exported itself has no `export` before it.
 */
export function surfaceReport(entry: Entry, declarations: Declarations): string {
  const exported = new Map<ts.Symbol, string>();
  const foreign: string[] = [];
  const renamed: string[] = [];
  for (const { name, target } of declarations.exportsOf(entry)) {
    const origin = originOf(target);
    if (origin !== undefined) foreign.push(`export { ${asName(importedName(target), name)} } from '${origin}';`);
    else if (exported.has(target) || target.name !== name) renamed.push(`export { ${asName(target.name, name)} };`);
    if (origin === undefined && !exported.has(target)) exported.set(target, name);
  }

  const imports = new Map<string, Set<string>>();
  const texts = new Map<ts.Symbol, string>();
  const waiting = [...exported.keys()];
  for (let symbol = waiting.pop(); symbol !== undefined; symbol = waiting.pop()) {
    if (texts.has(symbol)) continue;
    const nodes = symbol.declarations ?? [];
    const prefix = exported.get(symbol) === symbol.name ? 'export ' : '';
    texts.set(symbol, nodes.map((node) => prefix + printDeclaration(node)).join('\n'));
    for (const used of nodes.flatMap((node) => mentionedIn(node, declarations))) {
      const origin = originOf(used);
      if (origin === undefined && isOwn(used)) waiting.push(used);
      if (origin !== undefined) {
        imports.set(origin, (imports.get(origin) ?? new Set()).add(asName(importedName(used), used.name)));
      }
    }
  }

  const sorted = [...texts].sort(([a, left], [b, right]) => compareText(a.name, b.name) || compareText(left, right));
  const blocks = [
    [...[...imports].map(printImport).sort(compareText), ...foreign, ...renamed].join('\n'),
    ...sorted.map(([, text]) => text),
  ];
  const code = blocks.filter((block) => block !== '').join('\n\n');
  return `# ${entry.specifier}\n\nThe public surface, as \`pnpm --filter @x/checks accept surface\` wrote it.\n\n\`\`\`ts\n${code}\n\`\`\`\n`;
}

/** The package that a name comes from; undefined for one of this package. */
function originOf(symbol: ts.Symbol): string | undefined {
  const from = symbol.flags & ts.SymbolFlags.Alias ? importedFrom(symbol) : undefined;
  return from?.startsWith('.') ? undefined : from;
}

function importedName(symbol: ts.Symbol): string {
  const node = symbol.declarations?.[0];
  if (node !== undefined && (ts.isImportSpecifier(node) || ts.isExportSpecifier(node))) {
    return (node.propertyName ?? node.name).text;
  }
  return node !== undefined && ts.isNamespaceImport(node) ? '*' : symbol.name;
}

function asName(name: string, local: string): string {
  return name === local ? name : `${name} as ${local}`;
}

function printImport([from, names]: [from: string, names: ReadonlySet<string>]): string {
  const all = [...names].find((name) => name.startsWith('* '));
  return `import ${all ?? `{ ${[...names].sort(compareText).join(', ')} }`} from '${from}';`;
}

/** Type parameters belong to their declaration; what has no declaration here comes with the platform. */
function isOwn({ flags }: ts.Symbol): boolean {
  const kinds =
    ts.SymbolFlags.Interface |
    ts.SymbolFlags.TypeAlias |
    ts.SymbolFlags.Class |
    ts.SymbolFlags.Function |
    ts.SymbolFlags.BlockScopedVariable |
    ts.SymbolFlags.Enum;
  return (flags & kinds) !== 0;
}

function mentionedIn(node: ts.Node, { checker, follow }: Declarations): ts.Symbol[] {
  const found: ts.Symbol[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isClassElement(child) && isPrivate(child)) return;
    if (ts.isIdentifier(child) && !isMemberName(child)) {
      const symbol = checker.getSymbolAtLocation(child);
      if (symbol !== undefined) found.push(follow(symbol));
    }
    ts.forEachChild(child, visit);
  };
  visit(node);
  return found;
}

/** `a` in `{ a: string }` or `(a: string) => void` refers to nothing. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (ts.isTypeElement(parent) || ts.isParameter(parent) || ts.isClassElement(parent)) && parent.name === node;
}

function isPrivate(member: ts.ClassElement): boolean {
  const isHidden = member.name !== undefined && ts.isPrivateIdentifier(member.name);
  return isHidden || (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private) !== 0;
}

function printDeclaration(node: ts.Declaration): string {
  if (ts.isVariableDeclaration(node)) return `const ${print(node)};`;
  if (ts.isInterfaceDeclaration(node)) return `${head(node, 'interface')} ${printMembers(node.members)}`;
  if (ts.isClassDeclaration(node)) {
    return `${head(node, 'class')} ${printMembers(node.members.filter((member) => !isPrivate(member)))}`;
  }
  if (ts.isTypeAliasDeclaration(node)) {
    const left = `type ${node.name.text}${printParameters(node.typeParameters)} =`;
    return ts.isUnionTypeNode(node.type) && node.type.types.length > 1
      ? `${left}\n${node.type.types.map((type) => indent(`| ${printType(type)}`)).join('\n')};`
      : `${left} ${printType(node.type)};`;
  }
  if (ts.isFunctionDeclaration(node)) return `function ${node.name?.text ?? ''}${printSignature(node)}`;
  return print(node).replace(/^(?:export |declare )*/, '');
}

/** How an object is taken apart is no business of callers, so a pattern is shown as `options`. */
function printSignature(node: ts.FunctionDeclaration | ts.ConstructorDeclaration): string {
  const parameters = node.parameters.map((parameter) => {
    const name = ts.isIdentifier(parameter.name) ? parameter.name.text : 'options';
    const type = parameter.type === undefined ? '' : `: ${print(parameter.type)}`;
    return `${parameter.dotDotDotToken ? '...' : ''}${name}${parameter.questionToken ? '?' : ''}${type}`;
  });
  const returns = node.type === undefined ? '' : `: ${print(node.type)}`;
  return `${printParameters(node.typeParameters)}(${parameters.join(', ')})${returns};`;
}

function head(node: ts.InterfaceDeclaration | ts.ClassDeclaration, keyword: string): string {
  const heritage = (node.heritageClauses ?? []).map((clause) => ` ${print(clause).trim()}`).join('');
  const isAbstract = (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Abstract) !== 0;
  return `${isAbstract ? 'abstract ' : ''}${keyword} ${node.name?.text ?? ''}${printParameters(node.typeParameters)}${heritage}`;
}

function printParameters(parameters: ts.NodeArray<ts.TypeParameterDeclaration> | undefined): string {
  return parameters === undefined ? '' : `<${parameters.map(print).join(', ')}>`;
}

function printType(type: ts.TypeNode): string {
  return ts.isTypeLiteralNode(type) ? printMembers(type.members) : print(type);
}

/** Sorted by name; overloads keep their order, which decides between them. */
function printMembers(members: readonly (ts.TypeElement | ts.ClassElement)[]): string {
  if (members.length === 0) return '{}';
  const lines = members
    .map((member) => ({ name: member.name?.getText() ?? '', text: printMember(member) }))
    .sort((a, b) => compareText(a.name, b.name));
  return `{\n${lines.map(({ text }) => indent(text)).join('\n')}\n}`;
}

function printMember(member: ts.TypeElement | ts.ClassElement): string {
  if (ts.isConstructorDeclaration(member)) return `constructor${printSignature(member)}`;
  const type = ts.isPropertySignature(member) ? member.type : undefined;
  const text = print(member);
  return type !== undefined && ts.isTypeLiteralNode(type)
    ? `${text.slice(0, text.indexOf('{'))}${printMembers(type.members)};`
    : text;
}

function print(node: ts.Node): string {
  return printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile()).replaceAll('    ', '  ');
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
