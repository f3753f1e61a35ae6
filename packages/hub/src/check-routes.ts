import { checkOptions } from '@x/http/options';
import * as v from 'valibot';
import type { HubRoutes } from './handler.ts';

const callback = v.custom<() => unknown>((value) => typeof value === 'function', 'must be a function');

const schema = v.strictObject({
  login: callback,
  notifications: v.optional(callback),
  timeline: v.optional(callback),
  action: v.optional(
    v.strictObject(
      {
        properties: v.custom<object>((value) => typeof value === 'object' && value !== null, 'must be an object'),
        perform: callback,
      },
      'must be an object',
    ),
  ),
});

/**
 * Checks what an app does at the URLs that Hub calls. A misspelt route would answer 404 for ever.
 *
 * @throws {TypeError} Naming the route that is missing, unknown or wrong.
 */
export function checkRoutes(routes: HubRoutes): void {
  checkOptions(schema, routes);
}
