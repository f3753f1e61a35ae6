import type { Journal } from '@x/http/emulator';
import type { EmulatorApp, Link } from './registry.ts';
import type { Transport } from './transport.ts';

/** What an attack did and whether the app withstood it. */
export interface AttackResult {
  readonly attack: AttackName;
  readonly held: boolean;
  /** Status of the app's answer. */
  readonly status: number;
}

/** What an attack is made of. */
interface Target {
  readonly app: EmulatorApp;
  readonly hub: string;
  readonly link: Link;
  /** Every token the user ever had, oldest first. */
  readonly history: readonly string[];
}

interface Attack {
  readonly request: (target: Target) => Request;
  readonly expected: readonly number[];
}

/** The attacks of hostile mode. */
export type AttackName =
  | 'foreign-hub'
  | 'lookalike-hub'
  | 'user-info-hub'
  | 'internal-hub'
  | 'script-hub'
  | 'embedded-link'
  | 'no-token'
  | 'collapsed-path'
  | 'altered-token'
  | 'path-of-another-user'
  | 'body-of-another-user'
  | 'deep-body'
  | 'huge-body'
  | 'replay-after-revoke';

const table: Readonly<Record<AttackName, Attack>> = {
  /** Has the token sent to a host of the attacker's. §9.1 */
  'foreign-hub': linkStart(() => 'https://attacker.example', [403]),
  'lookalike-hub': linkStart(({ hub }) => `https://${new URL(hub).hostname}.attacker.example`, [403]),
  'user-info-hub': linkStart(({ hub }) => `https://${new URL(hub).hostname}@attacker.example`, [400]),
  'internal-hub': linkStart(() => 'https://169.254.169.254', [403]),
  'script-hub': linkStart(() => 'javascript:alert(1)', [400]),
  /** Begins a link from an image. §9.5 */
  'embedded-link': {
    request: (target) =>
      new Request(linkStartUrl(target, target.hub), {
        headers: { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
      }),
    expected: [403],
  },
  'no-token': data(() => ({ path: 'notifications', body: '{}' }), [401]),
  /** A username of `%2e` is folded away before the app sees it. §9.4 */
  'collapsed-path': data(() => ({ path: '%2e/notifications', body: '{}' }), [401]),
  'altered-token': data(({ link }) => ({ path: 'notifications', body: withAuth(alter(link.auth)) }), [401]),
  /** The user's own token, on somebody else's path. §9.3 */
  'path-of-another-user': data(
    ({ link }) => ({ path: 'mallory%40attacker.example/notifications', body: withAuth(link.auth) }),
    [401],
  ),
  'body-of-another-user': data(
    ({ link }) => ({ path: 'notifications', body: `{"auth":${link.auth},"username":"mallory@attacker.example"}` }),
    [401],
  ),
  'deep-body': data(() => ({ path: 'notifications', body: `{"auth":${'['.repeat(500)}${']'.repeat(500)}}` }), [400]),
  'huge-body': data(() => ({ path: 'notifications', body: JSON.stringify({ auth: 'x'.repeat(70_000) }) }), [413]),
  /** Sends the oldest token; to be held once the app has revoked the user. §8 row 11 */
  'replay-after-revoke': data(
    ({ history: [auth = 'null'] }) => ({ path: 'notifications', body: withAuth(auth) }),
    [401],
  ),
};

/** Every attack, in order; the last one is held only after the user was revoked. */
export const attackNames: readonly AttackName[] = Object.keys(table) as AttackName[];

/**
 * Attacks an app and notes in the journal whether it held.
 *
 * @see Hub fact sheet §13, "Hostile mode" (assumed: what real attackers would do)
 */
export async function attack(
  name: AttackName,
  target: Target,
  { transport, journal }: { readonly transport: Transport; readonly journal: Journal },
): Promise<AttackResult> {
  const { request, expected }: Attack = table[name];
  const sent = request(target);
  const { method, url } = sent;
  const { status } = await transport(sent);
  const held = expected.includes(status);
  const warnings = held
    ? []
    : [`the app did not hold against ${name}: expected ${expected.join(' or ')}, got ${status}`];
  journal.record({ method, url, status, checks: [{ name, ok: held }], warnings });
  return { attack: name, held, status };
}

function linkStart(hubUrlOf: (target: Target) => string, expected: readonly number[]): Attack {
  return {
    request: (target) =>
      new Request(linkStartUrl(target, hubUrlOf(target)), {
        headers: { 'sec-fetch-mode': 'navigate' },
        redirect: 'manual',
      }),
    expected,
  };
}

function linkStartUrl({ app }: Target, hubUrl: string): string {
  return `${app.baseUrl}/v1/${encodeURIComponent(app.name)}/authenticate?hubUrl=${encodeURIComponent(hubUrl)}`;
}

function data(partsOf: (target: Target) => { path: string; body: string }, expected: readonly number[]): Attack {
  return {
    request(target) {
      const { path, body } = partsOf(target);
      const { app } = target;
      const url = `${app.baseUrl}/v1/${encodeURIComponent(app.name)}/${path}`;
      return new Request(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    },
    expected,
  };
}

function withAuth(auth: string): string {
  return `{"auth":${auth}}`;
}

/** Changes one character in the middle of a JSON text that holds a token. */
function alter(auth: string): string {
  const middle = Math.floor(auth.length / 2);
  return `${auth.slice(0, middle)}${auth[middle] === 'A' ? 'B' : 'A'}${auth.slice(middle + 1)}`;
}
