import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { listPage } from '../src/emulator/list-page.ts';
import { BusinessList } from '../src/schema.ts';

const list = suite('nexudus · listPage');

const rows = Array.from({ length: 60 }, (_, index) => ({
  Id: index + 1,
  Name: `Name ${String(60 - index).padStart(2, '0')}`,
}));

list('wraps the first 25 rows by Id as documented', () => {
  const { Records, ...envelope } = listPage(rows, new URLSearchParams());
  assert.equal(envelope, {
    CurrentPageSize: 25,
    CurrentPage: 1,
    CurrentOrderField: 'Id',
    CurrentSortDirection: 0,
    FirstItem: 1,
    LastItem: 25,
    HasNextPage: true,
    HasPreviousPage: false,
    PageNumber: 1,
    PageSize: 25,
    TotalItems: 60,
    TotalPages: 3,
  });
  assert.equal(Records, rows.slice(0, 25));
});

const pages: readonly (readonly [
  search: string,
  first: number,
  last: number,
  hasNext: boolean,
  firstId: number | undefined,
])[] = [
  ['page=3', 51, 60, false, 51],
  ['page=4', 0, 0, false, undefined],
  ['size=100', 1, 60, false, 1],
  ['size=60', 1, 60, false, 1],
  ['size=59', 1, 59, true, 1],
  ['page=2&size=10&dir=1', 11, 20, true, 50],
  ['dir=descending', 1, 25, true, 60],
  ['dir=0', 1, 25, true, 1],
  ['orderBy=Name', 1, 25, true, 60],
  ['orderby=Name&dir=1', 1, 25, true, 1],
  ['page=0&size=-1', 1, 25, true, 1],
  ['page=x&size=1e3', 1, 25, true, 1],
];
for (const [search, first, last, hasNext, firstId] of pages) {
  list(`cuts ${search}`, () => {
    const page = v.parse(BusinessList, listPage(rows, new URLSearchParams(search)));
    assert.equal(
      [page.FirstItem, page.LastItem, page.HasNextPage, page.Records[0]?.Id],
      [first, last, hasNext, firstId],
    );
  });
}

list('has no cap that nobody has seen', () => {
  const many = Array.from({ length: 1_500 }, (_, index) => ({ Id: index + 1 }));
  assert.is((listPage(many, new URLSearchParams('size=10000'))['Records'] as unknown[]).length, 1_500);
});

list('wraps nothing', () => {
  const page = v.parse(BusinessList, listPage([], new URLSearchParams()));
  assert.equal([page.TotalItems, page.TotalPages, page.HasNextPage], [0, 0, false]);
});

list.run();
