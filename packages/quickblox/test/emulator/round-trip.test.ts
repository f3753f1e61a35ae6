import { property, seededRandom } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createEmulator, type EmulatedApplication, type Emulator } from '../../src/emulator/index.ts';
import { type BodyEncoding, createQuickBlox, type SignatureHash, type UserLogin } from '../../src/index.ts';
import { clock } from './harness.ts';

/** What a login is made of, whatever its kind. */
interface Values {
  readonly name: string;
  readonly proof: string;
  readonly more: string;
  readonly secret: string;
}

interface Kind {
  readonly login: (values: Values) => UserLogin;
  /** The side that knows the user. */
  readonly application: (values: Values) => Partial<EmulatedApplication>;
}

const identity = (provider: string): Kind['application'] => {
  return ({ proof }) => ({ users: [{ id: 7, identities: [{ provider, token: proof }] }] });
};
const byPassword = (member: 'login' | 'email'): Kind['application'] => {
  return ({ name, proof }) => ({ users: [{ id: 7, [member]: name, password: proof }] });
};
const external: Kind['application'] = ({ name, proof }) => ({
  users: [{ id: 7 }],
  identityProvider: ({ login, email, password }) =>
    (login ?? email) === name && password === proof ? { userId: 7 } : { status: 401, body: 'no' },
});

/** Every kind of login that names a user. */
const kinds: Readonly<Record<string, Kind>> = {
  login: {
    login: ({ name, proof }) => ({ kind: 'login', login: name, password: proof }),
    application: byPassword('login'),
  },
  email: {
    login: ({ name, proof }) => ({ kind: 'email', email: name, password: proof }),
    application: byPassword('email'),
  },
  facebook: {
    login: ({ proof, more }) => ({ kind: 'facebook', token: proof, secret: more, scope: more }),
    application: identity('facebook'),
  },
  twitter: {
    login: ({ proof, more }) => ({ kind: 'twitter', token: proof, secret: more }),
    application: identity('twitter'),
  },
  'firebase-phone': {
    login: ({ proof, more }) => ({ kind: 'firebase-phone', projectId: more, accessToken: proof }),
    application: identity('firebase_phone'),
  },
  'identity-provider by id': {
    login: ({ name, proof }) => ({ kind: 'identity-provider', userId: name, token: proof }),
    application: external,
  },
  'identity-provider by e-mail': {
    login: ({ name, proof }) => ({ kind: 'identity-provider', email: name, token: proof }),
    application: external,
  },
  provider: {
    login: ({ proof, more }) => ({ kind: 'provider', provider: 'other', parameters: { keys: { token: proof, more } } }),
    application: identity('other'),
  },
  custom: {
    login: ({ name, proof, more }) => ({
      kind: 'custom',
      parameters: { user: { login: name, password: proof }, 'device[platform]': more, extra: more },
    }),
    application: byPassword('login'),
  },
};

const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.string({
    unit: fc.constantFrom('&', '=', '+', '%', '%20', ' ', '[', ']', '\n', 'é', 'e\u0301', '😀'),
    minLength: 1,
  }),
);
// a secret that is a value too would be told as sent, and one with white space around it is refused
const secret = text.map((one) => `as_${one}_`);
const values: fc.Arbitrary<Values> = fc.record({ name: text, proof: text, more: text, secret });
const encodings = fc.constantFrom<BodyEncoding>('form', 'json');
const hashes = fc.constantFrom<SignatureHash>('sha1', 'sha256');

const authKey = 'ak';
const emulatorFor = (kind: Kind, given: Values, hash: SignatureHash): Emulator =>
  createEmulator({
    applications: [{ id: 5, authKey, authSecret: given.secret, hash, ...kind.application(given) }],
    clock,
    random: seededRandom(1),
  });

const agree = suite('quickblox · client and emulator · properties');

for (const [name, kind] of Object.entries(kinds)) {
  agree(`${name}: what the client signs, the emulator finds signed, in any letters and either encoding`, () =>
    property(
      fc.asyncProperty(values, encodings, hashes, async (given, bodyEncoding, hash) => {
        const { fetch, journal } = emulatorFor(kind, given, hash);
        const keys = { applicationId: 5, authKey, authSecret: given.secret };
        const quickblox = createQuickBlox({ ...keys, hash, bodyEncoding, fetch, clock });
        assert.is((await quickblox.session(kind.login(given)).info()).userId, 7);
        assert.equal(journal.warnings(), []);
      }),
      { runs: 40 },
    ),
  );

  agree(`${name}: any one byte that changes what is said is refused`, () =>
    property(
      fc.asyncProperty(
        values,
        encodings,
        hashes,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        async (given, bodyEncoding, hash, at, flip) => {
          const sent = await capture(kind.login(given), { given, bodyEncoding, hash });
          const bytes = new Uint8Array(await sent.arrayBuffer());
          const before = read(bytes, bodyEncoding);
          const index = Math.floor(at * bytes.length);
          bytes[index] = (bytes[index] ?? 0) ^ flip;
          const same = read(bytes, bodyEncoding) === before; // such as %2b for %2B
          const emulator = emulatorFor(kind, given, hash);
          const { headers, url } = sent;
          const answer = await emulator.fetch(url, { method: 'POST', headers, body: bytes });
          assert.is(answer.status === 201, same, `${answer.status} after byte ${index} of ${bytes.length}`);
        },
      ),
      { runs: 60 },
    ),
  );
}

agree.run();

/** The session request that a login leads to. */
async function capture(
  login: UserLogin,
  options: { readonly given: Values; readonly bodyEncoding: BodyEncoding; readonly hash: SignatureHash },
): Promise<Request> {
  const { given, ...rest } = options;
  const requests: Request[] = [];
  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    requests.push(new Request(input, init));
    return new Response(null, { status: 503 });
  };
  const quickblox = createQuickBlox({ applicationId: 5, authKey, authSecret: given.secret, ...rest, fetch, clock });
  await quickblox
    .session(login)
    .token()
    .catch(() => {}); // what was sent is all that is wanted
  const [sent] = requests;
  assert.ok(sent);
  return sent as Request;
}

/** What a body says, by the platform's own readers; undefined when it says nothing. */
function read(bytes: Uint8Array, encoding: BodyEncoding): string | undefined {
  const body = new TextDecoder().decode(bytes);
  if (encoding === 'form') return JSON.stringify([...new URLSearchParams(body)].sort());
  try {
    const flat = Object.entries(JSON.parse(body)).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).map(([inner, one]) => [`${name}[${inner}]`, one])
        : [[name, value]],
    );
    return JSON.stringify(flat.sort());
  } catch {
    return undefined;
  }
}
