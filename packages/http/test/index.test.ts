import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as emulator from '../src/emulator/index.ts';
import * as errors from '../src/errors.ts';
import * as events from '../src/events.ts';
import * as root from '../src/index.ts';
import * as options from '../src/options/index.ts';
import * as server from '../src/server/index.ts';
import * as store from '../src/store.ts';

const names = suite('public names');

const entries: readonly [entry: string, exported: object, expected: readonly string[]][] = [
  [
    '@x/http',
    root,
    [
      ...['ContractError', 'CredentialError', 'RequestError', 'ResponseError', 'XError'],
      ...['contractError', 'createClient', 'defaultRetryPolicy', 'emit', 'isXError', 'parse', 'parseHttpDate'],
      ...['createRateLimiter', 'headerCursor', 'isRateLimited', 'pageNumber', 'paginate', 'renewableCredential'],
      ...['skipLimit', 'staticCredential', 'withRateLimit', 'createServerTime', 'isRetryable'],
    ],
  ],
  [
    '@x/http/errors',
    errors,
    ['ContractError', 'CredentialError', 'RequestError', 'ResponseError', 'XError', 'isXError'],
  ],
  ['@x/http/events', events, ['emit']],
  [
    '@x/http/options',
    options,
    [
      ...[
        'checkOptions',
        'isLoopback',
        'isSecretText',
        'isSecureUrl',
        'isStore',
        'isTrimmedSecret',
        'isVisibleSecretText',
      ],
      ...['readBaseUrl', 'readSecureUrl'],
    ],
  ],
  [
    '@x/http/server',
    server,
    [
      ...['acceptFields', 'clearCookie', 'escapeHtml', 'fixedJson', 'json', 'mediaType', 'ownMember', 'page'],
      ...['parseJsonObject', 'parsePairs', 'problem', 'readBody', 'readCookie', 'readJson', 'readJsonObject'],
      ...['readMediaType', 'readParameters', 'readText', 'redirect', 'refuseMediaType', 'refuseMethod'],
      ...['amendResponse', 'isResponse', 'runCallback', 'setCookie', 'withDeadline'],
      ...['createFlights', 'createLiveness', 'keepGoing'],
    ],
  ],
  ['@x/http/store', store, ['memoryStore', 'sealedStore', 'storeKey', 'testStore']],
  [
    '@x/http/emulator',
    emulator,
    ['assertOptionNames', 'createScaffold', 'isDropped', 'maskSecret', 'readBasic', 'seededRandom', 'serve'],
  ],
];

for (const [entry, exported, expected] of entries) {
  names(`of ${entry} are these and no others`, () => assert.equal(Object.keys(exported).sort(), [...expected].sort()));
}

names.run();
