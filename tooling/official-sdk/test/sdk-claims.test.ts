import { createRequire } from 'node:module';
import { createQuickBlox } from '@x/quickblox';
import { createEmulator } from '@x/quickblox/emulator';
import { downloadFile } from '@x/quickblox/resources';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

interface Request {
  readonly url: string;
  readonly type?: string;
  readonly data?: object;
}

type Method = (...args: readonly unknown[]) => unknown;

const require = createRequire(import.meta.url);

/** One of the SDK's modules, asked what it would send. */
function ask(module: string, method: string, ...args: readonly unknown[]): { sent: Request[]; returned: unknown } {
  const sent: Request[] = [];
  const service = {
    ajax: (request: Request) => sent.push(request),
    getSession: () => ({ token: 'a-token' }),
  };
  const Module = require(`quickblox/src/modules/${module}.js`) as new (given: object) => Record<string, Method>;
  const returned = new Module(service)[method]?.(...args);
  return { sent, returned };
}

const claims = suite('official SDK · what the guide says of it');
const nothing = (): void => {};

claims('an update of a file is sent as a GET', () => {
  const [request] = ask('qbContent', 'update', { id: 1, name: 'new' }, nothing).sent;
  assert.is(request?.type ?? 'GET', 'GET');
  assert.match(request?.url ?? '', /\/blobs\/1\.json$/);
});

claims('URLs of private files and of records’ files hold the token', () => {
  assert.match(String(ask('qbContent', 'privateUrl', 'uid').returned), /\?token=a-token$/);
  assert.match(String(ask('qbData', 'fileUrl', 'Ticket', { id: 1, field_name: 'f' }).returned), /&token=a-token$/);
});

claims('a date in a filter of users, and an id in their order, go as texts', () => {
  const filter = { field: 'created_at', param: 'gt', value: '2026-01-01' };
  const [request] = ask('qbUsers', 'listUsers', { filter, order: { sort: 'asc', field: 'id' } }, nothing).sent;
  assert.equal(request?.data, { filter: ['string created_at gt 2026-01-01'], order: 'asc string id' });
});

claims('a public file is where the guide says, also of an account with a host of its own', async () => {
  const own = 'https://apiown.quickblox.com';
  const application = { id: 1, authKey: 'a', authSecret: 's', apiKeys: ['k'], accountKey: 'ours' };
  const emulator = createEmulator({ applications: [application], apiEndpoint: own });
  const keys = { applicationId: 1, apiKey: 'k' };
  const given: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    asked.push(request.url);
    return emulator.fetch(request);
  };
  const asked: string[] = [];
  const quickblox = createQuickBlox(keys);
  assert.is(String(new URL('blobs/uid', quickblox.baseUrl)), ask('qbContent', 'publicUrl', 'uid').returned);
  const ofAccount = createQuickBlox({ ...keys, accountKey: 'ours', fetch: given });
  await downloadFile(ofAccount.server().client, 'uid').catch(() => {});
  assert.is(String(new URL('blobs/uid', (await ofAccount.accountSettings()).api_endpoint)), `${own}/blobs/uid`);
  assert.ok(asked.includes(`${own}/blobs/uid`), String(asked));
});

claims.run();
