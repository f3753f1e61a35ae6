import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Declarations } from './declarations.ts';
import { readDefaults } from './defaults.ts';
import { codeSpans, fencedBlocks, section, type TableRow, tableRows } from './markdown.ts';
import type { Entry, Package } from './workspace.ts';

/** One field of the options types of a package, as its declarations say. */
interface Option {
  readonly isRequired: boolean;
  /** The texts of a closed set, such as `sha1`; none for any other type. */
  readonly choices: readonly string[];
}

/** Values that the code gives to options that are left out, by name. */
type Defaults = ReadonlyMap<string, ReadonlySet<string>>;

/** What is made once and then used: its options belong into the README. Those of single calls have their docstrings. */
const factory = /^(?!test)(?:create[A-Z]\w*|\w*(?:Store|Verifier|Credential|Limiter))$/;

/** Lists where a package's README says something else than its code: subpaths, names, options, error codes and reasons. */
export function readmeViolations(packages: readonly Package[], declarations: Declarations): string[] {
  const codesBelow = (name: string): Set<string> => {
    const below = { crypto: [], http: ['crypto'] }[name] ?? ['crypto', 'http'];
    return codesOf(
      packages.filter((other) => below.includes(other.name)),
      declarations,
    );
  };
  const sharedDefaults = packages
    .filter(({ name }) => name === 'http')
    .map(({ folder }) => readDefaults(join(folder, 'src')));
  return packages.flatMap((read) => {
    const file = join(read.folder, 'README.md');
    if (!existsSync(file)) return [`packages/${read.name} has no README.md`];
    const page = readFileSync(file, 'utf8');
    const tell = (text: string): string => `packages/${read.name}/README.md ${text}`;
    return [
      ...subpathViolations(page, read),
      ...nameViolations(page, read, declarations),
      ...optionViolations(section(page, 'Options'), optionsOf(read, declarations), listedOptions(read, declarations), [
        readDefaults(join(read.folder, 'src')),
        ...sharedDefaults,
      ]),
      ...codeViolations(page, codesOf([read], declarations), codesBelow(read.name)),
    ].map(tell);
  });
}

function subpathViolations(page: string, { manifest, entries }: Package): string[] {
  const spans = codeSpans(page);
  const named = (subpath: string): boolean =>
    page.includes(`'${manifest.name}/${subpath}'`) ||
    [`${manifest.name}/${subpath}`, `./${subpath}`, `/${subpath}`].some((text) =>
      spans.some((span) => span === text || span.startsWith(`${text} `)),
    );
  const known = new Set(entries.map(({ name }) => name));
  const mentions = [...page.matchAll(new RegExp(`(?:[\`']${manifest.name}|\`\\.)/([\\w-]+)[\`' ]`, 'g'))];
  return [
    ...entries
      .filter(({ name }) => name !== 'index' && !named(name))
      .map(({ specifier }) => `says nothing of the subpath ${specifier}`),
    ...[...new Set(mentions.map(([, name = '']) => name))]
      .filter((name) => !known.has(name))
      .map((name) => `tells of the subpath ./${name}, which is not exported`),
  ];
}

/**
 * Every function, class and constant that an entry exports stands in a code span or an example, or begins as a span says
 * that ends in `…`. Constants of `./schema` with a capital need not: they are called after what they describe.
 */
function nameViolations(page: string, { entries }: Package, { exportsOf }: Declarations): string[] {
  const code = [...codeSpans(page), ...fencedBlocks(page, 'ts')];
  const named = new Set(code.flatMap((text) => text.match(/[\w$]+/g) ?? []));
  const groups = code.flatMap((text) => /^(\w+)…$/.exec(text)?.slice(1) ?? []);
  const namesOf = (entry: Entry): string[] =>
    exportsOf(entry)
      .filter(({ target }) => target.flags & ts.SymbolFlags.Value)
      .map(({ name }) => name);
  const schemas = entries.filter(({ name }) => name === 'schema').flatMap(namesOf);
  const explained = new Set(schemas.filter((name) => /^[A-Z]/.test(name)));
  return entries.flatMap((entry) =>
    namesOf(entry)
      .filter((name) => !named.has(name) && !explained.has(name))
      .filter((name) => !groups.some((group) => name.startsWith(group)))
      .map((name) => `does not name \`${name}\` of ${entry.specifier}`),
  );
}

function optionViolations(
  text: string,
  options: ReadonlyMap<string, readonly Option[]>,
  listed: ReadonlySet<string>,
  defaults: readonly Defaults[],
): string[] {
  const named = new Set(codeSpans(text).flatMap(leadingName));
  const missing = [...listed].filter((name) => !named.has(name)).map((name) => `does not list the option \`${name}\``);
  const wrong = tableRows(text).flatMap((row) => {
    // what stands in brackets tells whose option it is
    const names = codeSpans((row.cells[0] ?? '').replaceAll(/\(`[^)]*\)/g, '')).flatMap(leadingName);
    return names.flatMap((name, index) => {
      const known = options.get(name);
      if (known === undefined) return `lists \`${name}\`, which is no option`;
      const values = defaults.flatMap((all) => [...(all.get(name) ?? [])]);
      const stated = partOf(row, 'default', index, names.length);
      return [
        ...(stated === undefined ? [] : defaultViolations(name, stated, known, values)),
        ...known
          .flatMap(({ choices }) => choices)
          .filter((choice) => !hasWord(choice, row.cells.join(' ')))
          .map((choice) => `leaves out that \`${name}\` may be '${choice}'`),
      ];
    });
  });
  return [...missing, ...wrong];
}

function leadingName(span: string): string[] {
  return /^\w+/.exec(span)?.slice(0, 1) ?? [];
}

function defaultViolations(
  name: string,
  stated: string,
  known: readonly Option[],
  values: readonly string[],
): string[] {
  const isRequired = known.every((option) => option.isRequired);
  const saysRequired = stated.startsWith('required');
  if (isRequired !== saysRequired && !/^required (?:without|with|unless) /.test(stated)) {
    return [`says “${stated}” of \`${name}\`, which is ${isRequired ? 'required' : 'optional'}`];
  }
  if (saysRequired || values.length === 0 || stated.includes('`@x/http`')) return [];
  const plain = stated.replaceAll(/[`'"[\]]|(?<=\d),(?=\d{3})/g, '');
  return values.some((value) => hasWord(value === '' ? 'none' : value, plain))
    ? []
    : [`gives \`${name}\` the default “${stated}”, the code ${values.join(' or ')}`];
}

/** One row may tell of several options, with their types and defaults between ` · `. */
function partOf(row: TableRow, heading: string, index: number, count: number): string | undefined {
  const cell = row.cells[row.headings.indexOf(heading)];
  const parts = cell?.split(' · ') ?? [];
  return parts.length === count ? parts[index] : cell;
}

function hasWord(word: string, text: string): boolean {
  const at = text.indexOf(word);
  return at >= 0 && !/[\w.]/.test(text[at - 1] ?? ' ') && !/\w/.test(text[at + word.length] ?? ' ');
}

/** The options of every factory, from the types of its parameters. */
function listedOptions({ entries }: Package, { exportsOf, checker }: Declarations): Set<string> {
  const names = new Set<string>();
  for (const entry of entries.filter(({ name }) => name !== 'emulator')) {
    for (const { name, target } of exportsOf(entry)) {
      if (!factory.test(name)) continue;
      for (const node of (target.declarations ?? []).filter(ts.isFunctionDeclaration)) {
        // what resolves later is one call, however it is named
        const parameters = node.type?.getText().startsWith('Promise<') ? [] : node.parameters;
        for (const { type } of parameters) {
          if (type === undefined || !/^\w+Options(?:<.*>)?$/.test(type.getText())) continue;
          for (const property of propertiesOf(checker.getTypeFromTypeNode(type))) names.add(property.name);
        }
      }
    }
  }
  return names;
}

function optionsOf({ entries }: Package, { exportsOf, checker }: Declarations): Map<string, Option[]> {
  const options = new Map<string, Option[]>();
  for (const entry of entries.filter(({ name }) => name !== 'emulator')) {
    for (const { name, target } of exportsOf(entry)) {
      if (!name.endsWith('Options') || target.flags & ts.SymbolFlags.Alias) continue;
      for (const property of propertiesOf(checker.getDeclaredTypeOfSymbol(target))) {
        const isRequired = (property.flags & ts.SymbolFlags.Optional) === 0;
        const choices = textsOf(checker.getTypeOfSymbol(property));
        options.set(property.name, [...(options.get(property.name) ?? []), { isRequired, choices }]);
      }
    }
  }
  return options;
}

function propertiesOf(type: ts.Type): ts.Symbol[] {
  return type.isUnion() ? type.types.flatMap(propertiesOf) : type.getProperties();
}

function textsOf(type: ts.Type): string[] {
  if (type.isUnion()) return type.types.flatMap(textsOf);
  return type.isStringLiteral() ? [type.value] : [];
}

/** What `…Code` and `…Reason` types of the public entries list. */
function codesOf(packages: readonly Package[], { exportsOf, checker }: Declarations): Set<string> {
  const codes = new Set<string>();
  for (const entry of packages.flatMap(({ entries }) => entries).filter(({ name }) => name !== 'emulator')) {
    for (const { name, target } of exportsOf(entry)) {
      if (!/(?:Code|Reason)$/.test(name) || target.flags & ts.SymbolFlags.Alias) continue;
      for (const code of textsOf(checker.getDeclaredTypeOfSymbol(target))) codes.add(code);
    }
  }
  return codes;
}

function codeViolations(page: string, own: ReadonlySet<string>, shared: ReadonlySet<string>): string[] {
  const told = new Set(codeSpans(`${section(page, 'Errors and reasons')}${section(page, 'Webhooks')}`));
  const rows = tableRows(section(page, 'Errors and reasons'));
  const mine = [...own].filter((code) => !shared.has(code));
  const listed = rows
    .flatMap(({ headings, cells }) =>
      cells.filter((_, index) => index === 0 || /code|reason/.test(headings[index] ?? '')),
    )
    .flatMap(codeSpans)
    .filter((span) => /^[a-z]+(?:[.-][a-z]+)+$/.test(span));
  return [
    ...mine.filter((code) => !told.has(code)).map((code) => `does not list \`${code}\``),
    ...listed
      .filter((code) => !own.has(code) && !shared.has(code))
      .map((code) => `lists \`${code}\`, which no type of the package has`),
  ];
}
