/** Loads `jose` when the first JWT is met: who verifies opaque tokens does not pay for it. */
export function loadJose(): Promise<typeof import('jose')> {
  return import('jose');
}
