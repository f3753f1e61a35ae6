import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Package } from './workspace.ts';

const here = dirname(fileURLToPath(import.meta.url));

/**
 * Compiles the published declarations as a server's project does: with Node's types and without a browser's.
 *
 * A name that only `lib.dom` has does not compile there, or where declarations are not checked (`skipLibCheck`) becomes
 * `any` without a word.
 *
 * @returns One text for each complaint of the compiler's.
 */
export function serverTypeViolations(packages: readonly Package[]): string[] {
  const program = ts.createProgram(
    packages.flatMap(({ entries }) => entries.map(({ types }) => types)),
    {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts'],
      types: ['node'],
      typeRoots: [`${here}/../node_modules/@types`],
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
    },
  );
  const own = packages.map(({ folder }) => `${folder}/dist/`);
  const published = program
    .getSourceFiles()
    .filter(({ fileName }) => own.some((folder) => fileName.startsWith(folder)));
  const complaints = [
    ...program.getOptionsDiagnostics(),
    ...published.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ];
  return complaints.map(({ file, start, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, ' ');
    if (file === undefined) return text;
    return `${file.fileName}:${file.getLineAndCharacterOfPosition(start ?? 0).line + 1}: ${text}`;
  });
}
