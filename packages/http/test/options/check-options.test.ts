import { inspect } from 'node:util';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { checkOptions } from '../../src/options/check-options.ts';
import type { StandardIssue, StandardSchema } from '../../src/standard-schema.ts';

const limit = 'must be a whole number from 1 to 9';
const Shape = v.strictObject({
  name: v.pipe(v.string('must be text'), v.nonEmpty('must be text that is not empty')),
  limit: v.optional(v.pipe(v.number(limit), v.integer(limit), v.minValue(1, limit), v.maxValue(9, limit)), 5),
  apps: v.optional(v.array(v.strictObject({ id: v.string('must be text') }, 'must be an object'), 'must be a list')),
  code: v.optional(
    v.pipe(
      v.string('must be text'),
      v.rawCheck(({ dataset, addIssue }) => {
        if (dataset.typed && dataset.value.length < 4) addIssue({ message: 'must have at least 4 characters' });
      }),
    ),
  ),
});

const marker = 'marker-secret';
const checking = suite('options · checkOptions');

checking('gives the options as the schema makes them', () => {
  assert.equal(checkOptions(Shape, { name: 'a' }), { name: 'a', limit: 5 });
  const Upper = v.object({ name: v.pipe(v.string(), v.toUpperCase()) });
  const { name }: { name: string } = checkOptions(Upper, { name: 'a', other: 1 });
  assert.is(name, 'A');
});

const mistakes: readonly [what: string, options: unknown, type: typeof TypeError | typeof RangeError, text: string][] =
  [
    ['nothing', undefined, TypeError, 'options must be an object'],
    ['null', null, TypeError, 'options must be an object'],
    ['a text', marker, TypeError, 'options must be an object'],
    ['a missing option', {}, TypeError, 'name is missing'],
    ['one that is undefined', { name: undefined }, TypeError, 'name is missing'],
    ['an unknown one', { name: 'a', nam: marker }, TypeError, 'nam is no option'],
    ['an unknown one that is undefined', { name: 'a', nam: undefined }, TypeError, 'nam is no option'],
    ['the wrong kind', { name: [marker] }, TypeError, 'name must be text'],
    ['an empty text', { name: '' }, TypeError, 'name must be text that is not empty'],
    ['null for a value', { name: null }, TypeError, 'name must be text'],
    ['a number as text', { name: 'a', limit: marker }, TypeError, `limit ${limit}`],
    ['no number at all', { name: 'a', limit: Number.NaN }, TypeError, `limit ${limit}`],
    ['half a number', { name: 'a', limit: 1.5 }, RangeError, `limit ${limit}`],
    ['too small a number', { name: 'a', limit: 0 }, RangeError, `limit ${limit}`],
    ['too large a number', { name: 'a', limit: 10 }, RangeError, `limit ${limit}`],
    ['a size that the schema judges', { name: 'a', code: 'abc' }, RangeError, 'code must have at least 4 characters'],
    ['a list that is none', { name: 'a', apps: marker }, TypeError, 'apps must be a list'],
    ['an element', { name: 'a', apps: [{ id: 'x' }, marker] }, TypeError, 'apps[1] must be an object'],
    ['a member of an element', { name: 'a', apps: [{ id: 'x' }, { id: 7 }] }, TypeError, 'apps[1].id must be text'],
    ['a missing member', { name: 'a', apps: [{}] }, TypeError, 'apps[0].id is missing'],
    ['an unknown member', { name: 'a', apps: [{ id: 'x', key: marker }] }, TypeError, 'apps[0].key is no option'],
    ['the first of several mistakes', { name: 7, limit: 0 }, TypeError, 'name must be text'],
  ];
for (const [what, options, type, text] of mistakes) {
  checking(`tells of ${what}`, () => {
    assert.throws(
      () => checkOptions(Shape, options),
      (error: Error) =>
        error.constructor === type && error.message === text && !inspect(error, { showHidden: true }).includes(marker),
    );
  });
}

checking('tells of a rule for all options together', () => {
  const Either = v.pipe(
    v.object({ a: v.optional(v.string()), b: v.optional(v.string()) }),
    v.check(({ a, b }) => (a === undefined) !== (b === undefined), 'must have either a or b'),
  );
  assert.throws(() => checkOptions(Either, {}), /^options must have either a or b$/);
});

/** What another library than valibot, or a schema written by hand, may answer. */
function finding(...issues: StandardIssue[]): StandardSchema {
  return { '~standard': { version: 1, vendor: 'sample', validate: () => ({ issues }) } };
}

checking('works with findings that tell no more than the specification asks for', () => {
  assert.throws(
    () => checkOptions(finding({ message: 'must be text', path: ['a', 0] }), {}),
    (error: unknown) => error instanceof TypeError && error.message === 'a[0] must be text',
  );
  assert.throws(() => checkOptions(finding({ message: 'must be whole' }), {}), /^options must be whole$/);
  assert.throws(() => checkOptions(finding(), {}), /^options must be as documented$/);
});

checking('needs a synchronous schema', () => {
  const schema = v.objectAsync({ a: v.string() });
  assert.throws(() => checkOptions(schema as never, { a: 'x' }), /^the schema of options must be synchronous$/);
});

checking.run();

const properties = suite('options · checkOptions · properties');

properties('takes whatever the schema takes, and else throws a TypeError or RangeError', async () => {
  await property(
    fc.property(fc.anything(), (options) => {
      const isTaken = v.safeParse(Shape, options).success;
      try {
        checkOptions(Shape, options);
        assert.ok(isTaken);
      } catch (error) {
        assert.not(isTaken);
        assert.ok(error instanceof TypeError || error instanceof RangeError);
      }
    }),
  );
});

properties.run();
