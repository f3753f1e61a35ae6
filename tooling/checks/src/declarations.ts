import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import type { Entry, Package } from './workspace.ts';

/** The published declarations of all packages, bound to each other. */
export interface Declarations {
  readonly checker: ts.TypeChecker;
  /** What an entry exports, by name; `target` is what stands behind re-exports inside the package. */
  exportsOf(entry: Entry): readonly { readonly name: string; readonly target: ts.Symbol }[];
  /** Follows re-exports and imports as long as they stay in one package. */
  follow(symbol: ts.Symbol): ts.Symbol;
}

/** Loads the declaration files of every package's dist, and nothing else: no library, no dependency from elsewhere. */
export function loadDeclarations(packages: readonly Package[]): Declarations {
  const files = new Set<string>();
  for (const { entries } of packages) {
    for (const { specifier, types } of entries) {
      if (!existsSync(types)) throw new Error(`${specifier} has no declarations at ${types}: run \`pnpm build\``);
      const folder = dirname(types);
      for (const file of readdirSync(folder)) if (file.endsWith('.d.ts')) files.add(join(folder, file));
    }
  }
  const program = ts.createProgram([...files].sort(), {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    types: [],
    noLib: true,
    noResolve: true,
  });
  const checker = program.getTypeChecker();

  const follow = (symbol: ts.Symbol): ts.Symbol => {
    let current = symbol;
    while (current.flags & ts.SymbolFlags.Alias && importedFrom(current)?.startsWith('.') !== false) {
      const next = checker.getImmediateAliasedSymbol(current);
      if (next === undefined || next === current) return current;
      current = next;
    }
    return current;
  };

  return {
    checker,
    follow,
    exportsOf({ types }) {
      const source = program.getSourceFile(types);
      const module = source && checker.getSymbolAtLocation(source);
      if (module === undefined) return [];
      return checker
        .getExportsOfModule(module)
        .map((symbol) => ({ name: symbol.name, target: follow(symbol) }))
        .sort((a, b) => compareText(a.name, b.name));
    },
  };
}

/** The module that an import or re-export names; undefined for what is declared here or exported by a bare list. */
export function importedFrom(symbol: ts.Symbol): string | undefined {
  for (let node: ts.Node | undefined = symbol.declarations?.[0]; node !== undefined; node = node.parent) {
    if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) continue;
    return node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : undefined;
  }
  return undefined;
}

/** The order of UTF-16 code units, which no locale changes. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
