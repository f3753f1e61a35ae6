/**
 * Names the suites of a test file that are declared but never run.
 *
 * uvu forgets such a suite without a word, and a healthy neighbour in the same file hides it.
 */
export function unfinishedSuites(source: string): string[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  return [...code.matchAll(/\b(?:const|let|var)\s+(\w+)(?:\s*:[^=]+)?\s*=\s*suite(?:<[^>]*>)?\(/g)]
    .map(([, name = '']) => name)
    .filter((name) => !new RegExp(`\\b${name}\\.run\\(\\)`).test(code));
}
