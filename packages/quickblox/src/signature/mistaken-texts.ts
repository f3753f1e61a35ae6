import { type Change, type Draft, keeping, type Mistake, onNames, onValues } from './draft.ts';
import { formatMembers } from './json-members.ts';
import { isDocumented } from './mask.ts';
import type { Pair, Received } from './received.ts';
import { unescapedPairs } from './unescaped-pairs.ts';
import { changesOfValues } from './value-changes.ts';

/** A text that was perhaps signed, and what would be wrong with that. */
export interface MistakenText {
  readonly text: string;
  readonly mistakes: readonly Mistake[];
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
  ].filter(({ apply }) => isEffective(draft, apply(draft)));
  const tried = function* (text: string, mistakes: readonly Mistake[]): Generator<MistakenText> {
    if (seen.has(text)) return;
    seen.add(text);
    yield { text, mistakes };
  };

  yield* tried(write(draft), []);
  for (const { pairs: whole, mistakes } of unescapedPairs(received)) {
    yield* tried(write({ ...draft, pairs: whole }), mistakes);
  }
  for (const change of changes) yield* tried(write(change.apply(draft)), [change]);
  if (received.members.length > 0) {
    const [dense, spaced] = jsonTexts(received);
    for (const text of [dense, spaced]) yield* tried(text, [{ mistake: 'json-signed' }]);
  }
  for (const isSigned of [isRequired, isDocumented]) {
    const mistakes = pairs.filter(([name]) => !isSigned(name)).map(([name]) => unsigned(name));
    yield* tried(write({ ...draft, pairs: pairs.filter(([name]) => isSigned(name)) }), mistakes);
  }
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
  const seconds = pairs.find(([name]) => name === 'timestamp')?.[1] ?? '';
  if (!/^\d{1,10}$/.test(seconds)) return;
  const change = otherTimestamp(`${seconds}\0`);
  const [before = '', after = ''] = write(change.apply(draft)).split('\0');
  for (let ms = 1; ms < 1000; ms += 1) {
    left -= before.length + after.length;
    if (left < 0) return;
    const mistakes: Mistake[] = [change, { mistake: 'timestamp-milliseconds', name: 'timestamp' }];
    yield* tried(`${before}${String(ms).padStart(3, '0')}${after}`, mistakes);
  }
}

/** Whether a change of pairs has changed any; one of the text is tried whatever it does. */
function isEffective(before: Draft, after: Draft): boolean {
  return before.pairs === after.pairs || String(before.pairs) !== String(after.pairs);
}

function isRequired(name: string): boolean {
  return ['application_id', 'auth_key', 'nonce', 'timestamp'].includes(name);
}

function unsigned(name: string): Mistake {
  return { mistake: name === 'provider' ? 'provider-unsigned' : 'parameter-unsigned', name };
}

function otherTimestamp(timestamp: string): Change {
  const apply = onValues((value, name) => (name === 'timestamp' ? timestamp : value));
  return { mistake: 'value-differs', name: 'timestamp', apply };
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
    ...pairs.map(([name]): Change => ({ ...unsigned(name), apply: without(name) })),
    ...providers.map((one): Change => ({ mistake: 'provider-missing', apply: adding('provider', one) })),
    ...['auth_secret', 'secret'].map((name): Change => ({ mistake: 'secret-signed', apply: adding(name, secret) })),
    { mistake: 'signature-signed', apply: adding('signature', '') },
    ...[...times, ...near].filter(Number.isFinite).map((value) => otherTimestamp(String(value))),
  ];
}

const member = /^([^[\]]+)\[([^[\]]+)\]$/;

function changesOfGroups({ pairs, members }: Received): Change[] {
  const bare = pairs.find(([name]) => bareUser.test(name))?.[0];
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
    ...(bare === undefined ? [] : [{ mistake: 'user-not-grouped' as const, name: bare, apply: onNames(asUsers) }]),
    { mistake: 'group-not-flattened', apply: asWhole(() => '[object Object]') },
    { mistake: 'group-not-flattened', apply: asWhole((source) => source) },
    { mistake: 'group-not-flattened', apply: onNames((name) => name.replace(member, '$2')) },
    { mistake: 'group-not-flattened', apply: onNames((name) => name.replace(member, '$1.$2')) },
  ];
}

const bareUser = /^(?:user\.)?(login|email|password)$/;

function asUsers(name: string): string {
  return name.replace(bareUser, 'user[$1]');
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
  { mistake: 'values-encoded', apply: edited(encodeURI) },
  { mistake: 'values-encoded', apply: edited(encodeURIComponent) },
  { mistake: 'separator-other', apply: edited((text) => `?${text}`) },
  { mistake: 'separator-other', apply: edited((text) => `&${text}`) },
  { mistake: 'separator-other', apply: edited((text) => `${text}&`) },
  { mistake: 'newline-added', apply: newline('\n') },
  { mistake: 'newline-added', apply: newline('\r\n') },
];

/** As JavaScript writes JSON, and as Python does. */
function jsonTexts({ members }: Received): [dense: string, spaced: string] {
  const dense = formatMembers(members.filter(([name]) => name !== 'signature'));
  return [dense, dense.replaceAll(/"(?:[^"\\]|\\.)*"|[,:]/g, (part) => (part.length === 1 ? `${part} ` : part))];
}
