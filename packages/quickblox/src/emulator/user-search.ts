import type { Body } from './body.ts';

/**
 * Finds the users that meet all `filter[]` parameters, in the order that `order` asks for.
 *
 * @returns Undefined for a filter that cannot be read, which is refused with 422; that is assumed.
 * @see QuickBlox fact sheet §7, "filters, users".
 */
export function searchUsers<Item>(
  items: readonly Item[],
  parameters: URLSearchParams,
  toBody: (item: Item) => Body,
): Item[] | undefined {
  const filters = parameters.getAll('filter[]').map(readFilter);
  if (filters.includes(undefined)) return undefined;
  const found = items.filter((item) => filters.every((filter) => filter?.(toBody(item)) === true));
  const order = parameters.get('order');
  if (order === null) return found;
  const [, direction, type = '', field = ''] = /^(asc|desc) (number|string|date) (\w+)$/.exec(order) ?? [];
  if (direction === undefined) return undefined;
  const keyOf = (item: Item): number | string => typed(type, String(toBody(item)[field] ?? ''));
  const sign = direction === 'desc' ? -1 : 1;
  return found.sort((a, b) => sign * compare(keyOf(a), keyOf(b)));
}

type Test = (body: Body) => boolean;

function readFilter(text: string): Test | undefined {
  const [, type = '', field = '', op = '', value = ''] =
    /^(number|string|date) (\w+) (gt|lt|ge|le|eq|ne|between|in) (.+)$/s.exec(text) ?? [];
  if (field === '') return undefined;
  const values = value.split(',').map((one) => typed(type, one));
  const [low = '', high = low] = values;
  return (body) => {
    const own = body[field];
    if (own === null || own === undefined) return op === 'ne';
    const key = typed(type, String(own));
    const whole = compare(key, typed(type, value));
    const tests: Record<string, boolean> = {
      gt: whole > 0,
      lt: whole < 0,
      ge: whole >= 0,
      le: whole <= 0,
      eq: whole === 0,
      ne: whole !== 0,
      between: compare(key, low) >= 0 && compare(key, high) <= 0,
      in: values.includes(key),
    };
    return tests[op] === true;
  };
}

function typed(type: string, text: string): number | string {
  if (type === 'number') return Number(text);
  return type === 'date' ? Date.parse(text) : text;
}

function compare(a: number | string, b: number | string): number {
  return a < b ? -1 : Number(a > b);
}
