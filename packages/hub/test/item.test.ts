import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { formatItem, type HubItem, type ItemOptions, itemSchema } from '../src/item.ts';
import { TimelineItem } from '../src/schema.ts';

const options: ItemOptions = {
  linkSchemes: ['https'],
  itemText: 'escape',
  properties: new Set(['done', 'due', 'reply']),
};
const item: HubItem = { id: 'o-1', title: 'Order 1', dateMs: 1_767_225_600_000 };
const full: HubItem = {
  ...item,
  description: 'Two <b>pizzas</b>',
  url: 'https://acme.example/o/1',
  actions: [
    { type: 'link', title: 'Open', url: 'https://acme.example/o/1', iconClass: 'icon open', color: '#ff8800' },
    {
      type: 'toggle',
      title: 'Done',
      titleActive: 'Not "done"',
      property: 'done',
      active: false,
      iconClassActive: 'tick',
    },
    { type: 'dialog', title: 'Reply', property: 'reply', dialog: { header: 'A & B', titleLabel: 'To' } },
    { type: 'date', title: 'Due', property: 'due', datePicker: { header: 'When', title: '<i>' } },
  ],
};

const format = suite('item · formatItem');

format('writes both documented names of id and link, and the date as milliseconds', () => {
  const { id, timelineId, url, webLink, date } = formatItem(full, options);
  assert.equal([id, timelineId, url, webLink, date], ['o-1', 'o-1', full.url, full.url, item.dateMs]);
});

format('leaves out what is not there', () => {
  assert.equal(formatItem(item, options), { id: 'o-1', timelineId: 'o-1', title: 'Order 1', date: item.dateMs });
});

format('escapes HTML in every shown text, and not in links', () => {
  const written = formatItem({ ...full, title: '<script>', url: 'https://acme.example/?a=1&b=2' }, options);
  assert.is(written.title, '&lt;script&gt;');
  assert.is(written.description, 'Two &lt;b&gt;pizzas&lt;/b&gt;');
  assert.is(written.url, 'https://acme.example/?a=1&b=2');
  const [, toggle, dialog, date] = written.actions ?? [];
  assert.is(toggle?.type === 'toggle' ? toggle.titleActive : '', 'Not &quot;done&quot;');
  assert.equal(dialog?.type === 'dialog' ? dialog.dialog : {}, { header: 'A &amp; B', titleLabel: 'To' });
  assert.equal(date?.type === 'date' ? date.datePicker : {}, { header: 'When', title: '&lt;i&gt;' });
});

format('leaves HTML alone where that is asked for', () => {
  assert.is(formatItem(full, { ...options, itemText: 'raw' }).description, 'Two <b>pizzas</b>');
});

format('writes the state of a toggle on the item, and a colour in both spellings', () => {
  const written = formatItem(full, options) as unknown as Record<string, unknown>;
  assert.is(written['done'], false);
  const [link, toggle] = written['actions'] as Record<string, unknown>[];
  assert.equal([link?.['color'], link?.['Color']], ['#ff8800', '#ff8800']);
  assert.not(Object.hasOwn(toggle ?? {}, 'active'));
});

format('agrees with the published schema, which drops nothing of it', () => {
  assert.equal(v.parse(TimelineItem, formatItem(full, options)), formatItem(full, options));
});

format.run();

const check = suite('item · itemSchema');
const schema = itemSchema(options);

check('takes a full and a small item', () => {
  assert.ok(v.safeParse(schema, full).success);
  assert.ok(v.safeParse(schema, item).success);
});

const refused: readonly [what: string, change: object][] = [
  ['no id', { id: undefined }],
  ['an empty id', { id: '' }],
  ['an id that no path can carry', { id: '..' }],
  ['a number as id', { id: 1 }],
  ['no title', { title: undefined }],
  ['no date', { dateMs: undefined }],
  ['a fraction as date', { dateMs: 1.5 }],
  ['a text as date', { dateMs: '2026-01-01' }],
  ['a script link', { url: 'javascript:alert(1)' }],
  ['a plain http link', { url: 'http://acme.example' }],
  ['a relative link', { url: '/o/1' }],
  ['a link with a line break', { url: 'https://acme.example/\n' }],
  ['a link without slashes', { url: 'https:evil.example' }],
  ['a link with a slash too many', { url: 'https:///evil.example' }],
  ['a link with user info', { url: 'https://core.broadsoftlabs.com@evil.example/' }],
  ['a link with a password', { url: 'https://:x@evil.example/' }],
  ['an action with such a link', { actions: [{ type: 'link', title: 'x', url: 'https://a@evil.example/' }] }],
  ['a mail link that was not allowed', { url: 'mailto:ann@example.com' }],
  ['a script link in an action', { actions: [{ type: 'link', title: 'x', url: 'javascript:alert(1)' }] }],
  ['an unknown action', { actions: [{ type: 'list', title: 'x' }] }],
  ['an undeclared property', { actions: [{ type: 'toggle', title: 'x', property: 'other', active: true }] }],
  ['a toggle without state', { actions: [{ type: 'toggle', title: 'x', property: 'done' }] }],
  ['an icon that breaks out of its attribute', { actions: [{ ...full.actions?.[0], iconClass: '"><script>' }] }],
  [
    'a colour that breaks out of its attribute',
    { actions: [{ ...full.actions?.[0], color: 'red;background:url(x)' }] },
  ],
];

for (const [what, change] of refused) {
  check(`refuses ${what}`, () => assert.not(v.safeParse(schema, { ...item, ...change }).success));
}

check('takes mail and telephone links where they are allowed', () => {
  const wide = itemSchema({ ...options, linkSchemes: ['https', 'mailto', 'tel'] });
  for (const url of ['mailto:ann@example.com', 'tel:+33123']) assert.ok(v.safeParse(wide, { ...item, url }).success);
});

check('writes links so that they end no attribute', () => {
  const wide = itemSchema({ ...options, linkSchemes: ['https', 'mailto'] });
  for (const [url, expected] of [
    [
      `https://acme.example/"><script>?a="<'>&b=1#"<'>\``,
      'https://acme.example/%22%3E%3Cscript%3E?a=%22%3C%27%3E&b=1#%22%3C%27%3E%60',
    ],
    [`mailto:"ann"<b>@example.com?subject='x'`, 'mailto:%22ann%22%3Cb%3E@example.com?subject=%27x%27'],
    ['https://acme.example/%22?a=1', 'https://acme.example/%22?a=1'],
    ['HTTPS://Acme.example', 'https://acme.example/'],
  ] as const) {
    const read = v.parse(wide, { ...item, url, actions: [{ type: 'link', title: 'x', url }] });
    assert.equal([read.url, formatItem(read, options).webLink], [expected, expected]);
    assert.is(read.actions?.[0]?.type === 'link' && read.actions[0].url, expected);
  }
});

check.run();
