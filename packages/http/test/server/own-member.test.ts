import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ownMember } from '../../src/server/own-member.ts';

const member = suite('own member');
const inherited = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__', 'absent'];

for (const name of inherited) {
  member(`has no ${name} unless it is written there`, () => {
    assert.is(ownMember({ a: 1 }, name), undefined);
    assert.is(ownMember(JSON.parse('{"a":1}') as Record<string, unknown>, name), undefined);
    const written = JSON.parse(`{${JSON.stringify(name)}:{"polluted":1}}`) as Record<string, unknown>;
    assert.equal(ownMember(written, name), { polluted: 1 });
    assert.is(ownMember(written, 'polluted'), undefined);
    assert.is(ownMember(Object.create({ [name]: 1 }) as Record<string, unknown>, name), undefined);
  });
}

member('reads own members of objects without a prototype too, and null as null', () => {
  assert.is(ownMember(Object.assign(Object.create(null), { a: null }) as Record<string, unknown>, 'a'), null);
});

member.run();
