import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { issuePath } from '../src/issue-path.ts';
import type { StandardIssue } from '../src/standard-schema.ts';

const paths = suite('issue-path · issuePath');

const rows: readonly [path: StandardIssue['path'], text: string][] = [
  [undefined, ''],
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a.b'],
  [[0], '[0]'],
  [['items', 0, 'id'], 'items[0].id'],
  [[{ key: 'items' }, { key: 12 }, { key: 'id' }], 'items[12].id'],
  [[Symbol('s'), 'a'], 'Symbol(s).a'],
  [['sessions', '0123456789abcdef0123456789abcdef', 'id'], 'sessions.….id'],
  [
    ['content-type', '$ref', 'a.b', 'application/json', 'x:y', 'First name'],
    'content-type.$ref.a.b.application/json.x:y.First name',
  ],
  [['users', 'ann@example.com', 'id'], 'users.….id'],
  [['users', 'a\nERROR b', 'id'], 'users.….id'],
  [['users', 'x'.repeat(64), 'id'], `users.${'x'.repeat(64)}.id`],
  [['users', 'x'.repeat(65), 'id'], 'users.….id'],
  [['users', '', 'id'], 'users.….id'],
];
for (const [path, text] of rows) {
  paths(`writes ${text === '' ? 'nothing for the whole' : text}`, () => {
    assert.is(issuePath({ message: 'hush', path }), text);
  });
}

paths.run();
