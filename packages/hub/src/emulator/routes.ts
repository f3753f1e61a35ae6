import type { EmulatorRoute, Exchange } from '@x/http/emulator';
import { answerHandOver, type HandOverParts } from './hand-over.ts';
import type { Schedule } from './schedule.ts';
import { readSegment } from './segment.ts';

/** What {@link createRoutes} works with. */
export interface RouteParts extends HandOverParts {
  readonly schedule: Schedule;
}

const hubPages: ReadonlyMap<string, string> = new Map([
  ['linked', 'Linked'],
  ['link-failed', 'Linking failed'],
]);

/** What the emulated Hub answers: hand-overs, pushes, and the pages that a link ends at. */
export function createRoutes(parts: RouteParts): readonly EmulatorRoute[] {
  return [
    { method: 'POST', path: '/v1/:app/:username/auth', handle: (exchange) => answerHandOver(exchange, parts) },
    { method: 'POST', path: '/v1/:app/:username/push', handle: (exchange) => answerPush(exchange, parts) },
    { method: 'GET', path: '/hub/:page', handle: showPage },
  ];
}

/** Documented: method and path. Assumed: 404 for strangers, and an empty answer. §3.2 B2, §8 rows 16 and 17 */
async function answerPush(exchange: Exchange, { registry, schedule }: RouteParts): Promise<Response> {
  const { params } = exchange;
  const app = registry.app(readSegment(params['app']) ?? '');
  if (!exchange.check('app', app !== undefined) || app === undefined) return new Response(null, { status: 404 });
  const link = registry.linkByUsername(app, readSegment(params['username']) ?? '');
  if (!exchange.check('username', link !== undefined) || link === undefined) return new Response(null, { status: 404 });
  const body = await exchange.body();
  if (body !== '' && body !== '{}') exchange.warn('a push carries a body, which nobody has to authenticate for');
  if (schedule.isAsking(link)) exchange.warn('a push from inside a data request of the same user: a loop');
  schedule.push(link);
  return new Response(null, { status: 200 });
}

function showPage({ params }: Exchange): Response {
  const title = hubPages.get(params['page'] ?? '');
  if (title === undefined) return new Response(null, { status: 404 });
  return new Response(`<!doctype html><title>Hub</title><h1>${title}</h1>`, {
    headers: { 'content-type': 'text/html; charset=utf-8' },
  });
}
