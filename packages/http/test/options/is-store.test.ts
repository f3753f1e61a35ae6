import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryStore } from '../../src/memory-store.ts';
import { isStore } from '../../src/options/is-store.ts';

const stores = suite('options · isStore');

stores('knows a store by its methods, also inherited ones', () => {
  assert.ok(isStore(memoryStore()));
  assert.ok(isStore(Object.create(memoryStore())));
});

stores('takes nothing else for one', () => {
  for (const value of [undefined, null, 'redis', 7, [], {}, new Map(), () => memoryStore()]) assert.not(isStore(value));
  for (const method of ['get', 'set', 'delete', 'compareAndSet']) {
    assert.not(isStore({ ...memoryStore(), [method]: undefined }), method);
  }
});

stores.run();
