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
