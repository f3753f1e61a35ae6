/** Every way in which a secret may be written where it should not be. Runs on every runtime. */
export function formsOf(marker: string): readonly string[] {
  const bytes = new TextEncoder().encode(marker);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  // base64 of a text within a longer one depends on where it begins: three ways, without what neighbours share
  const base64 = ['', ' ', '  '].map((before) =>
    btoa(before + marker)
      .replaceAll('=', '')
      .slice(before === '' ? 0 : 4, -2),
  );
  return [
    marker,
    encodeURIComponent(marker),
    new URL(`https://a.example/${encodeURI(marker)}`).pathname.slice(1),
    new URLSearchParams({ '': marker }).toString().slice(1),
    JSON.stringify(marker).slice(1, -1),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    hex,
    hex.toUpperCase(),
    [...bytes].join(','), // a typed array as text
    [...bytes].join(', '),
  ];
}

/** What the runtimes print of a value, each as fully as it can. */
function inspectors(): readonly ((value: unknown) => string)[] {
  const { Bun, Deno, process } = globalThis as {
    Bun?: { inspect(value: unknown, options?: object): string };
    Deno?: { inspect(value: unknown, options?: object): string };
    process?: {
      getBuiltinModule?: (name: string) => { inspect?(value: unknown, options?: object): string } | undefined;
    };
  };
  const node = process?.getBuiltinModule?.('node:util');
  const full = { depth: null, showHidden: true, maxStringLength: null, maxArrayLength: null };
  return [
    ...(node?.inspect === undefined ? [] : [node.inspect]).flatMap((inspect) => [
      (value: unknown) => inspect(value),
      (value: unknown) => inspect(value, full),
    ]),
    ...(Bun === undefined ? [] : [Bun.inspect]).flatMap((inspect) => [
      (value: unknown) => inspect(value),
      (value: unknown) => inspect(value, { depth: 100, showHidden: true, compact: false }),
    ]),
    ...(Deno === undefined ? [] : [Deno.inspect]).flatMap((inspect) => [
      (value: unknown) => inspect(value),
      (value: unknown) => inspect(value, { depth: 100, showHidden: true, strAbbreviateSize: 1e6 }),
    ]),
  ];
}

/** Everything that a program prints of an error, and of all its causes. */
export function printedForms(error: unknown): readonly string[] {
  const printed: string[] = [];
  for (let current = error, depth = 0; current !== undefined && depth < 10; depth += 1) {
    const { message, stack, cause } = Object(current) as { message?: unknown; stack?: unknown; cause?: unknown };
    printed.push(String(current), String(message), String(stack), String(JSON.stringify(current)));
    printed.push(String(JSON.stringify(current, Object.getOwnPropertyNames(Object(current)))));
    for (const inspect of inspectors()) printed.push(inspect(current));
    current = cause;
  }
  return printed;
}

/** The forms of a marker that can be found in texts, each with where it was found. */
export function leaksIn(texts: readonly string[], marker: string): readonly string[] {
  const all = texts.flatMap((text) => [text, text.replaceAll(/\s+/g, ' ')]); // lists of bytes are set in columns
  return formsOf(marker).flatMap((form) =>
    all.filter((text) => text.includes(form)).map((text) => `${form} in ${text.slice(0, 300)}`),
  );
}
