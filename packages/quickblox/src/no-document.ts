/**
 * Refuses to hold an API key where a page could read it: the key never expires and may do everything.
 *
 * @param scope Where to look; default the global object.
 * @throws {TypeError} When there is a `window` or a `document`.
 * @see QuickBlox fact sheet §2, and edge case 23: keys have been found in browser bundles.
 */
export function assertNoDocument(scope: object = globalThis): void {
  for (const name of ['window', 'document']) {
    if ((scope as Record<string, unknown>)[name] === undefined) continue;
    throw new TypeError(`apiKey must not be used where there is a ${name}: it gives full rights to whoever reads it`);
  }
}
