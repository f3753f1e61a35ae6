import { flattenParameters, type SessionParameters } from '../parameters.ts';
import { type SignSessionOptions, signSession } from './sign.ts';

/** How the body of a session request is written; QuickBlox takes both. */
export type BodyEncoding = 'form' | 'json';

/** Options of {@link formatSessionBody}. */
export interface FormatSessionBodyOptions extends SignSessionOptions {
  /** Default `form`, which QuickBlox's own clients send. */
  readonly encoding?: BodyEncoding | undefined;
}

/** A signed body, ready to be sent. */
export interface SessionBody {
  /** Carries exactly the values that were signed. It holds the user's password or token: never log it. */
  readonly body: string;
  readonly contentType: string;
}

/**
 * Signs the parameters of a session request and writes them, with their signature, as its body.
 *
 * Both come from one list, so what is sent is what was signed. In JSON every value is text, which no server renders
 * in another way, and groups are nested.
 *
 * @throws {TypeError} For an encoding that is neither, and as {@link signSession} does.
 * @throws {RangeError} As {@link signSession} does.
 * @see QuickBlox fact sheet §4.1 and §4.3.
 */
export function formatSessionBody(parameters: SessionParameters, options: FormatSessionBodyOptions): SessionBody {
  const { encoding = 'form' } = options;
  if (encoding !== 'form' && encoding !== 'json') throw new TypeError("encoding must be 'form' or 'json'");
  const { signature } = signSession(parameters, options);
  const sent = flattenParameters(parameters).filter(([name]) => name !== 'signature');
  const all = [...sent, ['signature', signature] as [string, string]];
  if (encoding === 'form') {
    return { body: String(new URLSearchParams(all)), contentType: 'application/x-www-form-urlencoded' };
  }
  return { body: JSON.stringify(nest(all)), contentType: 'application/json' };
}

/** Groups `user[login]` under `user`, unless something else has that name. */
function nest(pairs: readonly [name: string, value: string][]): object {
  const plain = new Set(pairs.map(([name]) => name));
  const nested = new Map<string, string | Map<string, string>>();
  for (const [name, value] of pairs) {
    const [, outer = '', inner = ''] = /^([^[\]]+)\[([^[\]]+)\]$/.exec(name) ?? [];
    if (outer === '' || plain.has(outer)) {
      nested.set(name, value);
      continue;
    }
    const group = nested.get(outer);
    if (group instanceof Map) group.set(inner, value);
    else nested.set(outer, new Map([[inner, value]]));
  }
  // entries and not assignment: a parameter may be called __proto__
  return Object.fromEntries(
    [...nested].map(([name, value]) => [name, value instanceof Map ? Object.fromEntries(value) : value]),
  );
}
