import type { EmulatorRoute } from '@x/http/emulator';
import { type Answer, userBody } from './answers.ts';
import { textOf, toText } from './body.ts';
import { createResourceRoutes, type HandleResource, type ResourceCall } from './resource-route.ts';
import type { EmulatorState } from './state.ts';

/**
 * `/address_book`: a user's contacts, for all devices or for one.
 *
 * Documented: the paths, `force`, `destroy` and `udid`, that users are found by their telephone numbers, and that an
 * empty book is a 404 (QuickBlox fact sheet §8, today's reference and the JavaScript SDK). Assumed: the wording of
 * what is rejected.
 */
export function addressBookRoutes(state: EmulatorState, answer: Answer): EmulatorRoute[] {
  const { forUser } = createResourceRoutes(state, answer);

  const upload: HandleResource = (call) => {
    const book = bookOf(call, textOf(call.body, 'udid'));
    const counts = { created: 0, updated: 0, deleted: 0 };
    const rejected: Record<string, string[]> = {};
    const contacts: unknown[] = Array.isArray(call.body['contacts']) ? call.body['contacts'] : [];
    const before = new Map(book);
    if (textOf(call.body, 'force') === '1') book.clear();
    contacts.forEach((contact, index) => {
      const { phone, name, destroy } = (contact ?? {}) as Record<string, unknown>;
      const number = toText(phone) ?? '';
      if (!/^\d{10,15}$/.test(number)) rejected[index] = ['Invalid fields set'];
      else if (destroy === 1) counts.deleted += Number(book.delete(number));
      else {
        counts[before.has(number) ? 'updated' : 'created'] += 1;
        book.set(number, typeof name === 'string' ? name : before.get(number));
      }
    });
    if (textOf(call.body, 'force') === '1') counts.deleted += [...before.keys()].filter((one) => !book.has(one)).length;
    return call.answer(200, { ...counts, ...(Object.keys(rejected).length === 0 ? {} : { rejected }) });
  };

  const list: HandleResource = (call) => {
    const book = bookOf(call, call.exchange.url.searchParams.get('udid') ?? undefined);
    if (book.size === 0) return call.answer(404, { errors: ['Empty address book'] });
    return call.answer(
      200,
      [...book].map(([phone, name]) => ({ phone, name })),
    );
  };

  const registered: HandleResource = (call) => {
    const { searchParams } = call.exchange.url;
    const book = bookOf(call, searchParams.get('udid') ?? undefined);
    if (book.size === 0) return call.answer(404, { errors: ['Empty address book'] });
    const users = [...call.application.users.values()].filter(({ phone }) => phone !== undefined && book.has(phone));
    const isCompact = searchParams.get('compact') === '1';
    const items = users.map((user) => (isCompact ? { user: { id: user.id, phone: user.phone } } : userBody(user)));
    return call.answer(200, { items });
  };

  return [
    forUser('POST', '/address_book.json', upload),
    forUser('GET', '/address_book.json', list),
    forUser('GET', '/address_book/registered_users.json', registered),
  ];
}

function bookOf({ application, userId }: ResourceCall, udid: string | undefined): Map<string, string | undefined> {
  const { addressBooks } = application.resources;
  const key = JSON.stringify([userId, udid ?? null]);
  const book = addressBooks.get(key) ?? new Map<string, string | undefined>();
  addressBooks.set(key, book);
  return book;
}
