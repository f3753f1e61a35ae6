import type { EmulatorRoute, Exchange } from '@x/http/emulator';
import type { Gate } from './api-gate.ts';
import { listPage } from './list-page.ts';
import { type BusinessRecord, type Locations, toListRecord } from './locations.ts';

/** Switches of the routes. */
export interface BusinessRoutesOptions {
  readonly locations: Locations;
  /** Status for an id that is not there: 404 is expected, 500 has been observed (§8). */
  readonly missingRecord: 404 | 500;
  /** Takes the business rule that refuses the next update, if there is one. */
  readonly takeRefusal: () => string | undefined;
}

/** List controls and filters that are understood; others are ignored without a word, as Nexudus does (§7.2). */
const known: ReadonlySet<string> = new Set(['page', 'size', 'orderBy', 'orderby', 'dir', 'id', 'Id', 'UniqueId']);

/**
 * The routes of `sys/businesses`: list, one, several, update.
 *
 * @see Nexudus fact sheet §7.1 to §7.4 and §11.
 */
export function businessRoutes(gate: Gate, options: BusinessRoutesOptions): EmulatorRoute[] {
  const { locations, missingRecord, takeRefusal } = options;
  const missing = (): Response => new Response(null, { status: missingRecord });

  return [
    {
      method: 'GET',
      path: '/api/sys/businesses',
      handle: gate('Business-List', (exchange, { businessId }) => {
        const visible = locations.visibleFrom(businessId);
        const ids = exchange.url.searchParams.get('id');
        if (ids !== null) return Response.json(pick(visible, ids));
        const { searchParams } = exchange.url;
        return Response.json(listPage(filter(visible, exchange).map(toListRecord), searchParams));
      }),
    },
    {
      method: 'GET',
      path: '/api/sys/businesses/:id',
      handle: gate('Business-Read', ({ params }, { businessId }) => {
        const record = locations.visibleFrom(businessId).find(({ Id }) => String(Id) === params['id']);
        return record === undefined ? missing() : Response.json(record);
      }),
    },
    {
      method: 'PUT',
      path: '/api/sys/businesses',
      handle: gate('Business-Edit', async (exchange, { businessId }) => {
        const fields = parseObject(await exchange.body());
        const id = fields?.['Id'];
        if (fields === undefined || typeof id !== 'number') return rejected('Id', 'is required');
        const record = locations.visibleFrom(businessId).find(({ Id }) => Id === id);
        if (record === undefined) return missing();
        if (typeof fields['Name'] !== 'string' || fields['Name'] === '') return rejected('Name', 'is required');
        const wrong = textFields.find((name) => Object.hasOwn(fields, name) && !isText(fields[name]));
        if (wrong !== undefined) return rejected(wrong, 'must be text');
        const rule = takeRefusal();
        if (rule !== undefined) return commandAnswer({ Message: rule, WasSuccessful: false }, exchange);
        const cleared = Object.keys(record).filter((name) => record[name] !== null && !(name in fields));
        if (cleared.length > 0) exchange.warn(`an update that leaves out ${cleared.join(', ')} clears them`);
        locations.replace(id, fields, exchange.nowMs);
        return commandAnswer({ Message: 'Saved', Value: { Id: id }, WasSuccessful: true }, exchange);
      }),
    },
  ];
}

/** What an update may set and a reader takes for text (§7.5). That another value is a failed validation is assumed. */
const textFields = ['WebAddress', 'ShortIntroduction', 'AboutUs', 'SystemId'] as const;

function isText(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function pick(records: readonly BusinessRecord[], ids: string): readonly BusinessRecord[] {
  const wanted = new Set(ids.match(/\d+/g) ?? []);
  return records.filter(({ Id }) => wanted.has(String(Id)));
}

function filter(records: readonly BusinessRecord[], { url, warn }: Exchange): readonly BusinessRecord[] {
  let left = records;
  for (const [name, value] of url.searchParams) {
    const field = name.startsWith('Business_') ? name.slice('Business_'.length) : name;
    const column = field === 'RootLocation' ? 'RootLocationId' : field;
    const isFilter =
      name === 'Id' ||
      name === 'UniqueId' ||
      (name.startsWith('Business_') && records.some((r) => Object.hasOwn(r, column)));
    if (isFilter) left = left.filter((record) => String(record[column] ?? '') === value);
    else if (!known.has(name)) warn(`the filter ${name.slice(0, 40)} is unknown and was ignored`);
  }
  return left;
}

function commandAnswer(
  result: { readonly Message: string; readonly Value?: unknown; readonly WasSuccessful: boolean },
  { nowMs }: Exchange,
): Response {
  return Response.json({
    Status: 200,
    Value: null,
    OpenInDialog: false,
    OpenInWindow: false,
    RedirectURL: null,
    JavaScript: null,
    UpdatedOn: new Date(nowMs).toISOString(),
    UpdatedBy: 'app@nexudus.example',
    Errors: null,
    ...result,
  });
}

function rejected(property: string, text: string): Response {
  const Errors = [{ AttemptedValue: null, Message: text, PropertyName: property }];
  return Response.json({ Message: `${property}: ${text}`, Value: null, Errors, WasSuccessful: false }, { status: 400 });
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
