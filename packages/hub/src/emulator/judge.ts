/** What the emulated Hub makes of an app's answer. */
export interface Judgement {
  /** When Hub would ask again. */
  readonly refreshAtMs: number | undefined;
  /** What the real Hub might show wrongly or not at all; empty for a good answer. */
  readonly violations: readonly string[];
}

type Members = Readonly<Record<string, unknown>>;

const maxItems = 30;
const dayMs = 86_400_000;
const schemes = new Set(['https:', 'mailto:', 'tel:']);

/** Checks an answer to notifications. @see Hub fact sheet §5.2 (documented) */
export function judgeNotifications(body: unknown, nowMs: number): Judgement {
  if (!isObject(body)) return { refreshAtMs: undefined, violations: ['the answer is not a JSON object'] };
  const refresh = judgeRefresh(body['refreshAt'], nowMs);
  const { count } = body as { count?: unknown };
  const isCount = Number.isSafeInteger(count) && (count as number) >= 0;
  return { ...refresh, violations: [...(isCount ? [] : ['count is not a whole number']), ...refresh.violations] };
}

/** Checks an answer to timeline. @see Hub fact sheet §5.3, §5.4 (documented; link schemes assumed) */
export function judgeTimeline(body: unknown, nowMs: number): Judgement {
  if (!isObject(body)) return { refreshAtMs: undefined, violations: ['the answer is not a JSON object'] };
  const refresh = judgeRefresh(body['refreshAt'], nowMs);
  const items = body['items'];
  if (!Array.isArray(items)) return { ...refresh, violations: ['items is not an array', ...refresh.violations] };
  const violations = items.flatMap((item: unknown, index) => judgeItem(item, `items[${index}]`));
  if (items.length > maxItems) violations.push(`items holds more than ${maxItems}`);
  const ids = items.map((item: unknown) => (isObject(item) ? (item['timelineId'] ?? item['id']) : undefined));
  if (new Set(ids).size < ids.length) violations.push('items repeats an id');
  return { ...refresh, violations: [...violations, ...refresh.violations] };
}

function judgeRefresh(value: unknown, nowMs: number): Judgement {
  if (value === undefined) return { refreshAtMs: undefined, violations: [] };
  const isMoment = Number.isSafeInteger(value) && (value as number) > nowMs - dayMs;
  if (!isMoment) return { refreshAtMs: undefined, violations: ['refreshAt is not a moment in milliseconds'] };
  return { refreshAtMs: value as number, violations: [] };
}

function judgeItem(item: unknown, path: string): string[] {
  if (!isObject(item)) return [`${path} is not an object`];
  const violations: string[] = [];
  const expect = (ok: boolean, text: string): void => {
    if (!ok) violations.push(`${path}${text}`);
  };
  expect(typeof item['timelineId'] === 'string' && item['timelineId'] !== '', '.timelineId is not a text');
  expect(typeof item['title'] === 'string', '.title is not a text');
  expect(Number.isSafeInteger(item['date']), '.date is not a moment in milliseconds');
  for (const name of ['description'] as const) {
    expect(item[name] === undefined || typeof item[name] === 'string', `.${name} is not a text`);
  }
  for (const name of ['webLink', 'url'] as const) {
    expect(item[name] === undefined || isLink(item[name]), `.${name} is not a safe link`);
  }
  const actions = item['actions'];
  if (actions === undefined) return violations;
  if (!Array.isArray(actions)) return [...violations, `${path}.actions is not an array`];
  const types = ['link', 'toggle', 'dialog', 'date', 'list'];
  for (const [index, action] of actions.entries()) {
    const isAction = isObject(action) && types.includes(String(action['type'])) && typeof action['title'] === 'string';
    expect(isAction, `.actions[${index}] is not an action`);
    if (isAction && action['type'] === 'link')
      expect(isLink(action['url']), `.actions[${index}].url is not a safe link`);
    if (isAction && action['type'] === 'toggle') {
      expect(
        typeof item[String(action['property'])] === 'boolean',
        `.actions[${index}].property is no boolean of the item`,
      );
    }
  }
  return violations;
}

function isLink(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && schemes.has(new URL(value).protocol);
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
