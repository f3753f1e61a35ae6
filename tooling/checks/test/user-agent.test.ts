import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generateKey } from '@x/crypto';
import { createClient } from '@x/http';
import { createHub } from '@x/hub';
import { createHubRise } from '@x/hubrise';
import { createNexudus } from '@x/nexudus';
import { createQuickBlox } from '@x/quickblox';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const agent = suite('user agent');

type Fetch = typeof globalThis.fetch;

/** One call of each built package. What comes back does not matter; what was sent does. */
const calls: Readonly<Record<string, (fetch: Fetch) => Promise<unknown>>> = {
  http: (fetch) => createClient({ provider: 'x', baseUrl: 'https://api.example', fetch }).get('a'),
  quickblox: (fetch) => createQuickBlox({ applicationId: 1, authKey: 'a', authSecret: 'b', fetch }).session().info(),
  hubrise: (fetch) => createHubRise({ clientId: 'a', clientSecret: 'b', fetch }).connect('token').location(),
  nexudus: (fetch) =>
    createNexudus({ applicationKey: 'a', secret: 'secret-of-the-app', fetch })
      .installation('c90e30fca71a4c37810a292b99d4d4f2')
      .businesses(),
  hub: (fetch) => createHub({ app: 'a', keys: [{ id: 'k', key: generateKey() }], fetch }).push('ann'),
};

for (const [name, call] of Object.entries(calls)) {
  agent(`of ${name} names the package and its version`, async () => {
    const file = fileURLToPath(new URL(`../../../packages/${name}/package.json`, import.meta.url));
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
    const seen: (string | null)[] = [];
    await call(async (input, init) => {
      seen.push(new Request(input, init).headers.get('user-agent'));
      return new Response('{}', { status: 400 });
    }).catch(() => {});
    assert.is(seen[0], `@x/${name}/${version}`);
  });
}

agent.run();
