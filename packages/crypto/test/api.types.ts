// Compiled, never run: what users may and may not write.
import {
  type Bytes,
  createOAuthState,
  createSealer,
  type Digest,
  decodeHex,
  digest,
  generateKey,
  hmac,
  type JsonObject,
  type JsonValue,
  joinSorted,
  type OpenReason,
  type OpenResult,
  type RandomSource,
  randomToken,
  type SealerKey,
  Secret,
  sha256,
  systemClock,
  systemRandom,
  toSecret,
} from '../src/index.ts';
import { decryptV4Local, encryptV4Local } from '../src/paseto.ts';

export const algorithm: Digest = sha256;
export const body: Response = new Response(hmac(sha256, 'key', decodeHex('00')));
export const bytes: Bytes = digest(sha256, new Uint8Array(1));
export const random: RandomSource = systemRandom;
export const tokens: string[] = [randomToken(), randomToken(16), randomToken(16, random), generateKey(random)];
export const secrets: Secret[] = [toSecret('text'), toSecret(new Secret('text'))];
export const joined: string = joinSorted(new Set(['a']), '&');
export const key: SealerKey = { id: 'k', key: new Secret('text') };
export const nothing: JsonValue = null;

const sealer = createSealer({ keys: [key], context: ['app'], clock: systemClock, random: undefined });
interface Member {
  readonly plan: string;
  readonly seats: readonly number[];
}
type MemberClaims = Pick<Member, keyof Member>;
const claims: MemberClaims = { plan: 'gold', seats: [1] };
export const sealed: string = sealer.seal('ann', claims, { expiresInMs: undefined });

export function read(result: OpenResult): JsonObject | OpenReason {
  if (!result.ok) {
    switch (result.reason) {
      case 'malformed':
      case 'unknown-key':
      case 'forged':
      case 'expired':
      case 'not-yet-valid':
      case 'too-old':
        return result.reason;
    }
  }
  return result.claims;
}

const flow = createOAuthState({ keys: [key], context: ['app'] });
export const finished: boolean = flow.finish(flow.begin({ returnTo: '/' })).ok;

const opened = decryptV4Local({ key: new Uint8Array(32), token: encryptV4Local({ key: bytes, message: 'm' }) });
export const message: Uint8Array | undefined = opened?.message;

// @ts-expect-error An algorithm is a value, not its name.
digest('sha256', '');
// @ts-expect-error A secret is revealed on purpose, never by accident.
hmac(sha256, new Secret('text'), '');
// @ts-expect-error A context is required.
createSealer({ keys: [key] });
// @ts-expect-error A date is not JSON.
sealer.seal('ann', { at: new Date() });
// @ts-expect-error A member that may be undefined is not JSON.
sealer.seal('ann', { at: undefined });
// @ts-expect-error Contents are there only after the check.
sealer.open('').claims;
// @ts-expect-error What is absent is said to be absent.
flow.finish({ state: 'state' });
// @ts-expect-error Contents may be nothing.
decryptV4Local({ key: new Uint8Array(32), token: '' }).message;
