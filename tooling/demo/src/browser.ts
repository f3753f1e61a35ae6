/** A browser reduced to what the flows need: it follows redirects one by one and keeps cookies per host. */
export interface Browser {
  /** Opens a URL and follows it to a page. */
  open(url: string | URL): Promise<{ readonly url: URL; readonly status: number; readonly text: string }>;
  /** One request without following. */
  fetch(url: string | URL, init?: RequestInit): Promise<Response>;
}

export function createBrowser(): Browser {
  const jar = new Map<string, Map<string, string>>();

  async function fetchOnce(url: string | URL, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(url);
    const cookies = jar.get(origin) ?? new Map<string, string>();
    jar.set(origin, cookies);
    const headers = new Headers(init.headers);
    if (cookies.size > 0) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const field of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = field.split(';');
      const [name = '', value = ''] = pair.trim().split(/=(.*)/s);
      if (attributes.some((attribute) => attribute.trim().toLowerCase() === 'max-age=0')) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  }

  return {
    fetch: fetchOnce,
    async open(url) {
      let current = new URL(url);
      for (let hop = 0; hop < 10; hop += 1) {
        const response = await fetchOnce(current);
        const location = response.headers.get('location');
        if (location === null) return { url: current, status: response.status, text: await response.text() };
        await response.body?.cancel();
        current = new URL(location, current);
      }
      throw new Error(`expected a page within 10 redirects, still at ${current.origin}${current.pathname}`);
    },
  };
}
