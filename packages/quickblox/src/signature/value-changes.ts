import { type Change, keeping, onNames, onValues } from './draft.ts';
import { isRenderedDifferently } from './json-members.ts';
import { type Received, splitPart } from './received.ts';

/** What code that knows all kinds of logins signs as `undefined`, and what it stands beside. */
const optional: readonly (readonly [beside: string, name: string])[] = [
  ['keys[token]', 'keys[secret]'],
  ['keys[token]', 'scope'],
  ['user[login]', 'user[email]'],
  ['user[email]', 'user[login]'],
];

/** What code signs for a parameter that it does not send. */
function signedAsAbsent(name: string): Change[] {
  return ['', 'null', 'undefined', 'None'].map(
    (value): Change => ({ mistake: 'absent-signed', name, apply: keeping((list) => [...list, [name, value]]) }),
  );
}

/** The mistakes that change values, and those that sign what is not sent. */
export function changesOfValues({ pairs, parts, absent, members }: Received): Change[] {
  const names = new Set(pairs.map(([name]) => name));
  const raw = new Map(parts.map(splitPart).map(([name, value]) => [decoded(name), value]));
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
    { mistake: 'values-encoded', apply: onValues(formEncoded) },
    { mistake: 'values-encoded', apply: onValues((value, name) => raw.get(name) ?? value) },
    { mistake: 'values-encoded', apply: onValues((value) => inLowerCase(percentEncoded(value))) },
    { mistake: 'values-encoded', apply: onValues((value) => inLowerCase(formEncoded(value))) },
    ...['user[login]', 'user[email]', 'user[password]'].map(
      (name): Change => ({
        mistake: 'values-encoded',
        name,
        apply: onValues((value, one) => (one === name ? percentEncoded(value) : value)),
      }),
    ),
    { mistake: 'encoded-twice', apply: onValues(decoded) },
    {
      mistake: 'encoded-twice',
      apply: keeping((list) => list.map(([name, value]) => [decoded(name), decoded(value)])),
    },
    ...['&#39;', '&#039;', '&#x27;'].map(
      (quote): Change => ({ mistake: 'html-escaped', apply: onValues((value) => htmlEscaped(value, quote)) }),
    ),
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
    ...absent.flatMap(signedAsAbsent),
    ...optional
      .filter(([beside, name]) => names.has(beside) && !names.has(name))
      .flatMap(([, name]) => signedAsAbsent(name)),
  ];
}

/** As RFC 3986 has it, which leaves fewer signs as they are than the platform does. */
function percentEncoded(value: string): string {
  return encodeURIComponent(value).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function formEncoded(value: string): string {
  return String(new URLSearchParams([['', value]])).slice(1);
}

function inLowerCase(encoded: string): string {
  return encoded.replaceAll(/%[\dA-F]{2}/g, (one) => one.toLowerCase());
}

function decoded(text: string): string {
  return new URLSearchParams(`=${text.replaceAll('&', '%26')}`).get('') ?? '';
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function htmlEscaped(value: string, quote: string): string {
  return value.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? quote);
}
