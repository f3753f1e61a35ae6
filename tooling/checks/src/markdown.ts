/** The text of every fenced block of a language in a Markdown page. */
export function fencedBlocks(markdown: string, language: string): string[] {
  return [...markdown.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text = '']) => text,
  );
}

/** The headings of the second level, in order. */
export function headings(markdown: string): string[] {
  return [...markdown.matchAll(/^## (.+)$/gm)].map(([, text = '']) => text);
}

/** Replaces the first block of TypeScript below a heading; a page without such a heading stays as it is. */
export function insertQuickStart(markdown: string, heading: string, example: string): string {
  const start = new RegExp(`^#{2,3} ${heading}$`, 'm').exec(markdown)?.index;
  if (start === undefined) return markdown;
  const below = markdown.slice(start);
  return markdown.slice(0, start) + below.replace(/^```ts\n[\s\S]*?^```$/m, () => `\`\`\`ts\n${example}\`\`\``);
}

/** Replaces the block of TypeScript below the comment that names an example; a page without it stays as it is. */
export function insertExample(markdown: string, file: string, example: string): string {
  const [before = '', below] = markdown.split(`<!-- ${file} -->\n`);
  if (below === undefined) return markdown;
  const after = below.replace(/^```ts\n[\s\S]*?^```$/m, () => `\`\`\`ts\n${example}\`\`\``);
  return `${before}<!-- ${file} -->\n${after}`;
}

/** The text below a heading of the second level, up to the next one; empty where there is none. */
export function section(markdown: string, heading: string): string {
  const [, ...sections] = markdown.split(/^## /m);
  return sections.find((text) => text.startsWith(`${heading}\n`))?.slice(heading.length + 1) ?? '';
}

/** What stands between backticks, outside of fenced blocks. */
export function codeSpans(markdown: string): string[] {
  return [...markdown.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);
}

/** One row of a table, with the table's headings. */
export interface TableRow {
  readonly headings: readonly string[];
  readonly cells: readonly string[];
}

/** The rows of every table, without the headings' own. */
export function tableRows(markdown: string): TableRow[] {
  const rows: TableRow[] = [];
  let headings: readonly string[] | undefined;
  for (const line of markdown.split('\n')) {
    if (!line.startsWith('|')) {
      headings = undefined;
      continue;
    }
    const cells = line.replaceAll('\\|', '\u0000').split('|').slice(1, -1);
    const texts = cells.map((cell) => cell.replaceAll('\u0000', '|').trim());
    if (headings === undefined) headings = texts;
    else if (!texts.every((text) => /^:?-+:?$/.test(text))) rows.push({ headings, cells: texts });
  }
  return rows;
}
