import { createHmac } from 'node:crypto';
import { manualClock, seededRandom } from '@x/testing';
import { type CreateEmulatorOptions, createEmulator, type Emulator } from '../../src/emulator/index.ts';
import { application } from '../harness.ts';

export const origin = 'https://api.quickblox.com';
/** Stands still: what moves it makes its own. */
export const clock = manualClock();
export const nowSeconds: number = clock() / 1000;
export const asJson = { 'content-type': 'application/json' };

export function make(options: Partial<CreateEmulatorOptions> = {}): Emulator {
  return createEmulator({ applications: [application], clock, random: seededRandom(4), ...options });
}

/** Parameters of a session request, signed with the platform and with none of our own code. */
export function signed(
  parameters: Record<string, string> = {},
  secret: string = 'as_test',
  hash: string = 'sha1',
): Record<string, string> {
  const all: Record<string, string> = {
    application_id: '76730',
    auth_key: 'ak_test',
    nonce: '1',
    timestamp: String(nowSeconds),
    ...parameters,
  };
  const text = Object.keys(all)
    .sort()
    .map((name) => `${name}=${all[name]}`)
    .join('&');
  return { ...all, signature: createHmac(hash, secret).update(text).digest('hex') };
}

export function post(
  emulator: Emulator,
  path: string,
  body: BodyInit,
  headers: Record<string, string> = {},
): Promise<Response> {
  return emulator.fetch(`${origin}${path}`, { method: 'POST', body, headers });
}

export function create(emulator: Emulator, parameters: Record<string, string>): Promise<Response> {
  return post(emulator, '/session.json', new URLSearchParams(parameters));
}

export function withToken(token: string): { headers: Record<string, string> } {
  return { headers: { 'QB-Token': token } };
}

export function withKey(
  key: string = 'key_test',
  more: Record<string, string> = {},
): { headers: Record<string, string> } {
  return { headers: { Authorization: `ApiKey ${key}`, ...more } };
}

export function expiryOf(answer: Response): string | null {
  return answer.headers.get('QB-Token-ExpirationDate');
}

export async function tokenOf(answer: Response): Promise<string> {
  return ((await answer.json()) as { session: { token: string } }).session.token;
}
