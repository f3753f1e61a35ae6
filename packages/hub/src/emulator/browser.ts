import type { Clock } from '@x/crypto';
import { type CookieContext, createCookieJar } from './cookie-jar.ts';
import { parseForms } from './form.ts';
import type { Transport } from './transport.ts';

/** What the browser shows. */
export interface BrowserPage {
  /** After all redirects. */
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
}

/** A user's browser, driven by a test. */
export interface Browser {
  /** What it shows now. */
  readonly page: BrowserPage;
  /** Every URL of the way to the page, without query. */
  readonly trail: readonly string[];
  /** Types a URL. */
  visit(url: string): Promise<BrowserPage>;
  /**
   * Fills in a form of the page and sends it.
   *
   * @param fields Laid over what the inputs hold.
   * @param index Which form of the page, from 0.
   * @throws {Error} When the page has no such form.
   */
  submit(fields?: Readonly<Record<string, string>>, index?: number): Promise<BrowserPage>;
}

interface Navigation {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body?: string | undefined;
  /** The page that caused it; undefined for a typed URL. */
  readonly initiator: string | undefined;
}

const maxRedirects = 20;

/**
 * Opens a browser at a URL, as if the page `initiator` had opened it.
 *
 * It keeps cookies by a browser's rules, sends `Sec-Fetch-*`, and follows redirects, losing the body at a 303.
 */
export async function openBrowser(options: {
  readonly url: string;
  readonly initiator: string;
  readonly transport: Transport;
  readonly clock: Clock;
}): Promise<Browser> {
  const { transport, clock } = options;
  const jar = createCookieJar(clock);
  const trail: string[] = [];
  let page = await navigate({ method: 'GET', url: options.url, initiator: options.initiator });

  async function navigate(navigation: Navigation): Promise<BrowserPage> {
    let { method, url, body } = navigation;
    for (let hop = 0; hop <= maxRedirects; hop += 1) {
      const target = new URL(url);
      const site = siteRelation(navigation.initiator, target);
      const context: CookieContext = { url: target, method, isCrossSite: site === 'cross-site' };
      const cookie = jar.fieldFor(context);
      const headers = new Headers({
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
        'sec-fetch-site': site,
        ...(cookie === '' ? {} : { cookie }),
        ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...(method === 'POST' && navigation.initiator !== undefined
          ? { origin: new URL(navigation.initiator).origin }
          : {}),
      });
      trail.push(`${target.origin}${target.pathname}`);
      const response = await transport(
        new Request(url, { method, headers, redirect: 'manual', ...(method === 'POST' ? { body: body ?? '' } : {}) }),
      );
      jar.take(response, target);
      const location = response.headers.get('location');
      if (location === null || ![301, 302, 303, 307, 308].includes(response.status)) {
        return { url, status: response.status, headers: response.headers, html: await response.text() };
      }
      url = new URL(location, url).href;
      if (response.status <= 303) [method, body] = ['GET', undefined];
    }
    throw new Error(`the browser gave up after ${maxRedirects} redirects`);
  }

  return {
    get page() {
      return page;
    },
    trail,
    async visit(url) {
      page = await navigate({ method: 'GET', url, initiator: undefined });
      return page;
    },
    async submit(fields = {}, index = 0) {
      const form = parseForms(page.html, page.url)[index];
      if (form === undefined) throw new Error(`the page has no form ${index}; its status is ${page.status}`);
      const filled = new URLSearchParams([...new Map([...form.fields, ...Object.entries(fields)])]);
      const target = new URL(form.action);
      if (form.method === 'GET') target.search = filled.toString();
      const body = form.method === 'POST' ? filled.toString() : undefined;
      page = await navigate({ method: form.method, url: target.href, body, initiator: page.url });
      return page;
    },
  };
}

/** Compares sites by scheme and the last two labels of the host: near enough where no public suffix list is at hand. */
function siteRelation(initiator: string | undefined, target: URL): 'none' | 'same-origin' | 'same-site' | 'cross-site' {
  if (initiator === undefined) return 'none';
  const from = new URL(initiator);
  if (from.origin === target.origin) return 'same-origin';
  return siteOf(from) === siteOf(target) ? 'same-site' : 'cross-site';
}

function siteOf({ protocol, hostname }: URL): string {
  const isAddress = /^[\d.]+$|^\[/.test(hostname);
  return `${protocol}//${isAddress ? hostname : hostname.split('.').slice(-2).join('.')}`;
}
