import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { matchRoute } from '../src/route.ts';

const match = suite('route · matchRoute');
const options = { app: 'acme', basePath: '' };

const routes: readonly [path: string, expected: unknown][] = [
  ['/v1/acme/authenticate', { kind: 'authenticate' }],
  ['/v1/acme/notifications', { kind: 'notifications', username: undefined }],
  ['/v1/acme/timeline', { kind: 'timeline', username: undefined }],
  ['/v1/acme/ann@example.com/notifications', { kind: 'notifications', username: 'ann@example.com' }],
  ['/v1/acme/ann%40example.com/timeline', { kind: 'timeline', username: 'ann@example.com' }],
  ['/v1/acme/a%2Fb/timeline', { kind: 'timeline', username: 'a/b' }],
  ['/v1/acme/a+b/timeline', { kind: 'timeline', username: 'a+b' }],
  ['/v1/acme/timeline/timeline', { kind: 'timeline', username: 'timeline' }],
  ['/v1/acme/authenticate/notifications', { kind: 'notifications', username: 'authenticate' }],
  ['/v1/acme/timeline/o-1/done', { kind: 'action', username: undefined, itemId: 'o-1', property: 'done' }],
  ['/v1/acme/ann/timeline/o%2F1/done', { kind: 'action', username: 'ann', itemId: 'o/1', property: 'done' }],
  ['/v1/%61cme/notifications', { kind: 'notifications', username: undefined }],
  ['/v1/acme/%E0%A4/notifications', 'path-malformed'],
  ['/v1/acme/%00/notifications', 'path-malformed'],
  ['/v1/acme/%E0%A4/timeline/o-1/done', 'path-malformed'],
  ['/v1/acme/timeline/%E0%A4/done', 'path-malformed'],
  ['/v1/acme/timeline/o-1/%', 'path-malformed'],
  ['/v1/other/notifications', 'path-unknown'],
  ['/v1/Acme/notifications', 'path-unknown'],
  ['/v1/%E0%A4/notifications', 'path-unknown'],
  ['/v1/acme', 'path-unknown'],
  ['/v1/acme/', 'path-unknown'],
  ['/v1/acme/notifications/', 'path-unknown'],
  ['/v1/acme//notifications', 'path-unknown'],
  ['//v1/acme/notifications', 'path-unknown'],
  ['/v2/acme/notifications', 'path-unknown'],
  ['/acme/notifications', 'path-unknown'],
  ['/v1/acme/contextual', 'path-unknown'],
  ['/v1/acme/ann/contextual', 'path-unknown'],
  ['/v1/acme/a/b/notifications', 'path-unknown'],
  ['/v1/acme/ann/x/o-1/done', 'path-unknown'],
  ['/v1/acme/ann/timeline/o-1/done/more', 'path-unknown'],
  ['/', 'path-unknown'],
];

for (const [path, expected] of routes) {
  match(`${path} is ${typeof expected === 'string' ? expected : (expected as { kind: string }).kind}`, () => {
    const result = matchRoute(path, options);
    assert.equal(result.ok ? result.route : result.reason, expected);
  });
}

match('honours the path of the base URL', () => {
  const based = { app: 'my app', basePath: '/hub' };
  assert.ok(matchRoute('/hub/v1/my%20app/timeline', based).ok);
  assert.not(matchRoute('/v1/my%20app/timeline', based).ok);
  assert.not(matchRoute('/hubs/v1/my%20app/timeline', based).ok);
});

match('never throws', () =>
  property(fc.property(fc.string({ unit: 'binary' }), (rest) => void matchRoute(`/v1/acme/${rest}`, options))),
);

match.run();
