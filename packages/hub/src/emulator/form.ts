/** A form of a page. */
export interface Form {
  readonly method: 'GET' | 'POST';
  /** Absolute. */
  readonly action: string;
  /** Names and values of its inputs, in order. */
  readonly fields: ReadonlyMap<string, string>;
}

/** Reads the forms of a page: enough HTML for login and confirmation pages, and no more. */
export function parseForms(html: string, pageUrl: string): readonly Form[] {
  return [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gis)].map(([, head = '', inner = '']) => {
    const attributes = parseAttributes(head);
    const inputs = [...inner.matchAll(/<(?:input|textarea)\b([^>]*)>/gi)].flatMap(([, text = '']) => {
      const { name, value = '', type } = parseAttributes(text);
      return name === undefined || type === 'submit' ? [] : [[name, value] as const];
    });
    return {
      method: attributes['method']?.toUpperCase() === 'POST' ? 'POST' : 'GET',
      action: new URL(attributes['action'] ?? '', pageUrl).href,
      fields: new Map(inputs),
    };
  });
}

function parseAttributes(text: string): Readonly<Record<string, string | undefined>> {
  const pattern = /([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;
  return Object.fromEntries(
    [...text.matchAll(pattern)].map(([, name = '', double, single, bare]) => [
      name.toLowerCase(),
      decodeEntities(double ?? single ?? bare ?? ''),
    ]),
  );
}

function decodeEntities(text: string): string {
  return text.replaceAll(/&(#?\w+);/g, (entity, name: string) => entities.get(name) ?? entity);
}

const entities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['#39', "'"],
  ['#x27', "'"],
]);
