import type { SignatureMistake } from './findings.ts';
import { formatMembers, isRenderedDifferently } from './json-members.ts';
import type { Pair, Received } from './received.ts';

/** A text that was perhaps signed, and what would be wrong with that. */
export interface MistakenText {
  readonly text: string;
  readonly mistakes: readonly Mistake[];
}

/** A mistake, with the parameter that it concerns. */
export interface Mistake {
  readonly mistake: SignatureMistake;
  readonly name?: string | undefined;
}

/** The signed text while it is put together. */
interface Draft {
  readonly pairs: readonly Pair[];
  readonly compare: ((a: Pair, b: Pair) => number) | undefined;
  readonly separator: string;
  readonly edit: (text: string) => string;
}

/** A mistake as a change of the draft, which stays as it is where the mistake cannot have been made. */
interface Change extends Mistake {
  readonly apply: (draft: Draft) => Draft;
}

const byName = ([a]: Pair, [b]: Pair): number => (a < b ? -1 : 1); // no name stands there twice
const byLocale = ([a]: Pair, [b]: Pair): number => a.localeCompare(b, 'en');
const byValue = ([, a]: Pair, [, b]: Pair): number => Number(a > b) - Number(a < b);

/** What is written of texts with two mistakes: all of them for any login that is known, the first for a large body. */
const maxCharacters = 4_000_000;

/**
 * Gives the text that must be signed, then those that one mistake makes of it, then those of two at once.
 *
 * Their number grows with the square of the parameters', so those of two end after so many characters.
 *
 * @see QuickBlox fact sheet §4.3, "Edge cases and traps" and the negative controls of §9.
 */
export function* mistakenTexts(received: Received, secret: string): Generator<MistakenText> {
  const pairs = received.pairs.filter(([name]) => name !== 'signature');
  const draft: Draft = { pairs, compare: byName, separator: '&', edit: (text) => text };
  const seen = new Set<string>();
  const changes = [
    ...changesOfParameters(pairs, secret),
    ...changesOfValues(received),
    ...changesOfGroups(received),
    ...changesOfOrder,
    ...changesOfText,
  ];
  const tried = function* (text: string, mistakes: readonly Mistake[]): Generator<MistakenText> {
    if (seen.has(text)) return;
    seen.add(text);
    yield { text, mistakes };
  };

  yield* tried(write(draft), []);
  for (const change of changes) yield* tried(write(change.apply(draft)), [change]);
  if (received.members.length > 0) yield* tried(jsonText(received), [{ mistake: 'json-signed' }]);
  let left = maxCharacters;
  for (const [index, first] of changes.entries()) {
    const once = first.apply(draft);
    for (const second of changes.slice(index + 1)) {
      if (second.mistake === first.mistake && second.name === first.name) continue;
      const text = write(second.apply(once));
      left -= text.length;
      if (left < 0) return;
      yield* tried(text, [first, second]);
    }
  }
}

/** The pairs that must be signed, in the order in which they must be. */
export function signedPairs({ pairs }: Received): readonly Pair[] {
  return pairs.filter(([name]) => name !== 'signature').sort(byName);
}

/** The text that must be signed. */
export function rightText(received: Received): string {
  return signedPairs(received)
    .map((pair) => pair.join('='))
    .join('&');
}

function write({ pairs, compare, separator, edit }: Draft): string {
  const ordered = compare === undefined ? pairs : [...pairs].sort(compare);
  return edit(ordered.map((pair) => pair.join('=')).join(separator));
}

function changesOfParameters(pairs: readonly Pair[], secret: string): Change[] {
  const has = (wanted: RegExp): boolean => pairs.some(([name]) => wanted.test(name));
  const without = (dropped: string): Change['apply'] => keeping((list) => list.filter(([name]) => name !== dropped));
  const adding = (name: string, value: string): Change['apply'] =>
    keeping((list) => (list.some(([known]) => known === name) ? list : [...list, [name, value]]));
  const seconds = Number(pairs.find(([name]) => name === 'timestamp')?.[1] ?? Number.NaN);
  const times = [Math.floor(seconds), Math.round(seconds), seconds * 1000, Math.floor(seconds / 1000)];
  const near = [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5].map((off) => seconds + off);
  const providers = has(/^firebase_phone\[/) ? ['firebase_phone'] : has(/^keys\[/) ? ['facebook', 'twitter'] : [];
  return [
    ...pairs.map(([name]): Change => {
      const mistake = name === 'provider' ? 'provider-unsigned' : 'parameter-unsigned';
      return { mistake, name, apply: without(name) };
    }),
    ...providers.map((one): Change => ({ mistake: 'provider-missing', apply: adding('provider', one) })),
    ...['auth_secret', 'secret'].map((name): Change => ({ mistake: 'secret-signed', apply: adding(name, secret) })),
    { mistake: 'signature-signed', apply: adding('signature', '') },
    ...[...times, ...near].filter(Number.isFinite).map(
      (value): Change => ({
        mistake: 'value-differs',
        name: 'timestamp',
        apply: onValues((old, name) => (name === 'timestamp' ? String(value) : old)),
      }),
    ),
  ];
}

function changesOfValues({ rawPairs, absent, members }: Received): Change[] {
  const raw = new Map(rawPairs.map(([name, value]) => [decoded(name), value]));
  const withPlus = (value: string, name: string): string => {
    const plus = raw.get(name)?.replaceAll('+', '%2B');
    return plus === undefined ? value : decoded(plus);
  };
  return [
    { mistake: 'plus-unescaped', apply: onValues(withPlus) },
    { mistake: 'unicode-form', apply: onValues((value) => value.normalize('NFC')) },
    { mistake: 'unicode-form', apply: onValues((value) => value.normalize('NFD')) },
    { mistake: 'values-encoded', apply: onValues(percentEncoded) },
    { mistake: 'values-encoded', apply: onValues(encodeURIComponent) },
    { mistake: 'values-encoded', apply: onValues((value) => String(new URLSearchParams([['', value]])).slice(1)) },
    { mistake: 'values-encoded', apply: onValues((value, name) => raw.get(name) ?? value) },
    { mistake: 'html-escaped', apply: onValues(htmlEscaped) },
    { mistake: 'brackets-encoded', apply: onNames(encodeURIComponent) },
    ...members
      .filter(([, source]) => isRenderedDifferently(source))
      .map(
        ([name, source]): Change => ({
          mistake: 'number-not-whole',
          name,
          apply: onValues((value, key) => (key === name ? String(Number(source)) : value)),
        }),
      ),
    ...absent.flatMap((name) =>
      ['', 'null', 'undefined'].map(
        (value): Change => ({
          mistake: 'absent-signed',
          name,
          apply: keeping((list) => [...list, [name, value]]),
        }),
      ),
    ),
  ];
}

const member = /^([^[\]]+)\[([^[\]]+)\]$/;

function changesOfGroups({ members }: Received): Change[] {
  const nested = new Map(members);
  const asWhole = (show: (source: string) => string): Change['apply'] =>
    keeping((list) => {
      const groups = new Map<string, Map<string, string>>();
      for (const [name, value] of list) {
        const [, outer = '', inner = ''] = member.exec(name) ?? [];
        if (outer !== '') groups.set(outer, (groups.get(outer) ?? new Map()).set(inner, value));
      }
      const whole = [...groups].map(([name, group]): Pair => {
        return [name, show(nested.get(name) ?? JSON.stringify(Object.fromEntries(group)))];
      });
      return [...list.filter(([name]) => !member.test(name)), ...whole];
    });
  return [
    { mistake: 'group-not-flattened', apply: asWhole(() => '[object Object]') },
    { mistake: 'group-not-flattened', apply: asWhole((source) => source) },
    { mistake: 'group-not-flattened', apply: onNames((name) => name.replace(member, '$2')) },
    { mistake: 'group-not-flattened', apply: onNames((name) => name.replace(member, '$1.$2')) },
  ];
}

const ordered =
  (compare: Draft['compare']): Change['apply'] =>
  (draft) => ({ ...draft, compare });
const joined =
  (separator: string): Change['apply'] =>
  (draft) => ({ ...draft, separator });
const edited =
  (edit: (text: string) => string): Change['apply'] =>
  (draft) => ({ ...draft, edit: (text) => edit(draft.edit(text)) });
const newline = (end: string): Change['apply'] => edited((text) => text + end);

const changesOfOrder: readonly Change[] = [
  { mistake: 'order-of-sending', apply: ordered(undefined) },
  { mistake: 'order-by-locale', apply: ordered(byLocale) },
  { mistake: 'order-by-value', apply: ordered(byValue) },
];

const changesOfText: readonly Change[] = [
  ...['', ',', ', ', ';', '\n', '&&'].map(
    (separator): Change => ({ mistake: 'separator-other', apply: joined(separator) }),
  ),
  { mistake: 'html-escaped', apply: joined('&amp;') },
  { mistake: 'times-corrupted', apply: edited((text) => text.replace('&timestamp', '×tamp')) },
  {
    mistake: 'markdown-escaped',
    apply: edited((text) => text.replaceAll('_', '\\_').replaceAll('&', '\\&')),
  },
  { mistake: 'markdown-escaped', apply: edited((text) => text.replaceAll('_', '\\_')) },
  { mistake: 'separator-other', apply: edited((text) => `?${text}`) },
  { mistake: 'separator-other', apply: edited((text) => `&${text}`) },
  { mistake: 'separator-other', apply: edited((text) => `${text}&`) },
  { mistake: 'newline-added', apply: newline('\n') },
  { mistake: 'newline-added', apply: newline('\r\n') },
];

function jsonText({ members }: Received): string {
  return formatMembers(members.filter(([name]) => name !== 'signature'));
}

function keeping(change: (pairs: readonly Pair[]) => readonly Pair[]): Change['apply'] {
  return (draft) => ({ ...draft, pairs: change(draft.pairs) });
}

function onValues(change: (value: string, name: string) => string): Change['apply'] {
  return keeping((pairs) => pairs.map(([name, value]) => [name, change(value, name)]));
}

function onNames(change: (name: string) => string): Change['apply'] {
  return keeping((pairs) => pairs.map(([name, value]) => [change(name), value]));
}

/** As RFC 3986 has it, which leaves fewer signs as they are than the platform does. */
function percentEncoded(value: string): string {
  return encodeURIComponent(value).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decoded(text: string): string {
  return new URLSearchParams(`=${text}`).get('') ?? '';
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function htmlEscaped(value: string): string {
  return value.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
