import type { JsonObject, JsonValue, Secret } from '@x/crypto';
import { checkOptions } from '@x/http/options';
import * as v from 'valibot';

/**
 * How the emulator writes what HypeLabs leaves open.
 *
 * @see HypeLabs fact sheet §5, §10. Defaults are documented or the likeliest reading; the rest is assumed.
 */
export interface Wire {
  /** `first` (default) and `last` space of what the client app returned; `never` leaves it whole in `access_token`. */
  readonly splitOn: 'first' | 'last' | 'never';
  /**
   * When there is no space: `token_type` is left out (default), sent empty, or, by `whole`, takes the whole text and
   * leaves `access_token` empty.
   */
  readonly noPrefix: 'omit' | 'empty' | 'whole';
  /** `typo` is the `appliation/json` of the first documentation. Default `correct`. */
  readonly contentType: 'correct' | 'typo' | 'none' | 'form';
  /** Default `api_secret`, as in the example; the prose says `api_password`. */
  readonly secretMember: 'api_secret' | 'api_password' | 'both';
  /** How a user identifier is written; `omit` and `null` drop it. Default `string`, as in the example. */
  readonly userIdentifier: 'string' | 'number' | 'omit' | 'null';
  /** `member`: `access_token` comes twice, the right one last. `request`: everything comes twice. Default `none`. */
  readonly duplicate: 'none' | 'member' | 'request';
  /** Added after the documented members. Default none. */
  readonly extraMembers: JsonObject;
  /** Begins JSON with a byte-order mark. Default false. */
  readonly bom: boolean;
}

export const defaultWire: Wire = {
  splitOn: 'first',
  noPrefix: 'omit',
  contentType: 'correct',
  secretMember: 'api_secret',
  userIdentifier: 'string',
  duplicate: 'none',
  extraMembers: {},
  bom: false,
};

const choice = <const Choice extends string>(...choices: Choice[]): v.GenericSchema<unknown, Choice> =>
  v.picklist(choices, `must be one of ${choices.join(', ')}`);

const WireShape: v.GenericSchema<unknown, Wire> = v.strictObject({
  splitOn: choice('first', 'last', 'never'),
  noPrefix: choice('omit', 'empty', 'whole'),
  contentType: choice('correct', 'typo', 'none', 'form'),
  secretMember: choice('api_secret', 'api_password', 'both'),
  userIdentifier: choice('string', 'number', 'omit', 'null'),
  duplicate: choice('none', 'member', 'request'),
  extraMembers: v.custom<JsonObject>((value) => Object(value) === value, 'must be an object'),
  bom: v.boolean('must be true or false'),
});

/** Puts changes onto a wire; undefined changes nothing. @throws {TypeError} Naming what is unknown or wrong. */
export function changeWire(wire: Wire, changes: Partial<Wire> = {}): Wire {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return checkOptions(WireShape, { ...wire, ...Object.fromEntries(given) });
}

/** What an authorization request is made from. */
export interface AuthorizationParts {
  readonly apiUser: string;
  readonly apiSecret: Secret;
  /** What the client app returned. */
  readonly authorization: string;
  readonly userIdentifier: number | undefined;
}

/** A request's body with what says how to read it. */
export interface WrittenBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string | undefined;
}

/** The two halves of what a client app returned; `tokenType` undefined means that the member is left out. */
export interface SplitToken {
  readonly tokenType: string | undefined;
  readonly accessToken: string;
}

/** Splits what a client app returned into type and token, with nothing trimmed. @see HypeLabs fact sheet §5 rows 12 to 14. */
export function splitAuthorization(authorization: string, { splitOn, noPrefix }: Wire): SplitToken {
  if (splitOn === 'never') return { tokenType: undefined, accessToken: authorization };
  const space = splitOn === 'first' ? authorization.indexOf(' ') : authorization.lastIndexOf(' ');
  if (space !== -1) return { tokenType: authorization.slice(0, space), accessToken: authorization.slice(space + 1) };
  if (noPrefix === 'whole') return { tokenType: authorization, accessToken: '' };
  return { tokenType: noPrefix === 'empty' ? '' : undefined, accessToken: authorization };
}

/** Writes the body of an authorization request. @see HypeLabs fact sheet §2. */
export function writeBody(parts: AuthorizationParts, wire: Wire): WrittenBody {
  const members = writeMembers(parts, wire);
  if (wire.contentType === 'form') {
    const pairs = members.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
    return { bytes: encode(new URLSearchParams(pairs).toString()), contentType: 'application/x-www-form-urlencoded' };
  }
  // written by hand, because an object cannot hold a member twice
  const json = `{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
  const contentTypes = { correct: 'application/json', typo: 'appliation/json', none: undefined };
  return { bytes: encode(wire.bom ? `\u{FEFF}${json}` : json), contentType: contentTypes[wire.contentType] };
}

type Member = [name: string, value: JsonValue];

function writeMembers({ apiUser, apiSecret, authorization, userIdentifier }: AuthorizationParts, wire: Wire): Member[] {
  const { tokenType, accessToken } = splitAuthorization(authorization, wire);
  const secretNames = wire.secretMember === 'both' ? ['api_secret', 'api_password'] : [wire.secretMember];
  const members: Member[] = [['api_user', apiUser]];
  for (const name of secretNames) members.push([name, apiSecret.reveal()]);
  if (wire.duplicate === 'member') members.push(['access_token', 'superseded']);
  members.push(['access_token', accessToken]);
  if (tokenType !== undefined) members.push(['token_type', tokenType]);
  members.push(...writeUserIdentifier(userIdentifier, wire), ...Object.entries(wire.extraMembers));
  return members;
}

function writeUserIdentifier(userIdentifier: number | undefined, wire: Wire): Member[] {
  if (wire.userIdentifier === 'null') return [['user_identifier', null]];
  if (userIdentifier === undefined || wire.userIdentifier === 'omit') return [];
  return [['user_identifier', wire.userIdentifier === 'number' ? userIdentifier : String(userIdentifier)]];
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
