import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { Business, BusinessList, CommandResult, listEnvelope } from '../src/schema.ts';

const schema = suite('nexudus · schema');

const business = { Id: 1, Name: 'Harbour', WebAddress: 'harbour', RootLocationId: null, TownCity: 'Porto' };
const envelope = {
  Records: [business],
  CurrentPageSize: 25,
  CurrentPage: 1,
  CurrentOrderField: 'Id',
  CurrentSortDirection: 1,
  FirstItem: 1,
  LastItem: 1,
  HasNextPage: false,
  HasPreviousPage: false,
  PageNumber: 1,
  PageSize: 25,
  TotalItems: 1,
  TotalPages: 1,
};

schema('a business keeps fields that are not listed', () => {
  assert.equal(v.parse(Business, business), business);
});

schema('a list takes the documented envelope, and the public one with a word for the direction', () => {
  assert.equal(v.parse(BusinessList, envelope), envelope);
  assert.is(v.parse(BusinessList, { ...envelope, CurrentSortDirection: 'ASC' }).CurrentSortDirection, 'ASC');
});

schema('a list takes what paging needs and drops what it does not know', () => {
  assert.equal(v.parse(BusinessList, { Records: [], HasNextPage: false, Surprise: 1 }), {
    Records: [],
    HasNextPage: false,
  });
});

schema('a list is made for any row', () => {
  const names = listEnvelope(v.object({ Name: v.string() }));
  assert.equal(v.parse(names, { Records: [{ Name: 'x', Id: 1 }], HasNextPage: true }).Records, [{ Name: 'x' }]);
});

schema('a result leaves out attempted values', () => {
  const parsed = v.parse(CommandResult, {
    WasSuccessful: false,
    Errors: [{ AttemptedValue: 'marker', Message: 'no', PropertyName: 'Name' }],
  });
  assert.equal(parsed, { WasSuccessful: false, Errors: [{ Message: 'no', PropertyName: 'Name' }] });
});

const refused: readonly (readonly [what: string, schema: v.GenericSchema<unknown, unknown>, value: unknown])[] = [
  ['a business without id', Business, { Name: 'Harbour' }],
  ['a business with an id in text', Business, { Id: '1' }],
  ['a list without records', BusinessList, { ...envelope, Records: undefined }],
  ['a list with one bad record', BusinessList, { ...envelope, Records: [business, {}] }],
  ['a list that does not say whether it goes on', BusinessList, { ...envelope, HasNextPage: undefined }],
  ['a bare array', BusinessList, [business]],
  ['a result without verdict', CommandResult, { Status: 200 }],
];
for (const [what, kind, value] of refused) {
  schema(`refuses ${what}`, () => {
    assert.is(v.is(kind, value), false);
  });
}

schema.run();
