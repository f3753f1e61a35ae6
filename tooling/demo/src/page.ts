import { serve } from 'srvx';
import { loopback } from './loopback.ts';
import { play } from './play.ts';
import { createRenderer } from './render.ts';
import { scenarios } from './scenarios/index.ts';

/** A running page. */
export interface Page {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves one plain page that lists the five with a button each and shows the same steps as the transcript.
 *
 * `POST /play/<provider>` plays one and streams its transcript as text; `?break=1` corrupts a byte on the way.
 */
export async function createPage({ port }: { readonly port: number }): Promise<Page> {
  const server = serve({ ...loopback, port, fetch: answer });
  await server.ready();
  return { url: server.url ?? '', close: () => server.close(true) };
}

async function answer(request: Request): Promise<Response> {
  const url = new URL(request.url);
  if (request.method === 'GET' && url.pathname === '/') return html(listing());
  const scenario = scenarios.find(({ provider }) => url.pathname === `/play/${provider}`);
  if (scenario === undefined) return new Response('not found', { status: 404 });
  if (request.method !== 'POST') return new Response('POST only', { status: 405, headers: { allow: 'POST' } });
  // A page of another origin must not start anything here, even on loopback.
  if (request.headers.get('sec-fetch-site') === 'cross-site') return new Response('forbidden', { status: 403 });

  const renderer = createRenderer({ colour: false });
  const encoder = new TextEncoder();
  const broken = url.searchParams.get('break') === '1';
  const stream = new ReadableStream({
    async start(controller) {
      const say = (text: string): void => controller.enqueue(encoder.encode(`${text}\n`));
      say(renderer.heading(scenario).trim());
      const outcome = await play(scenario, { broken, onStep: (step) => say(renderer.step(step)) });
      say(renderer.outcome(outcome));
      controller.close();
    },
  });
  return new Response(stream, {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });
}

function html(body: string): Response {
  return new Response(body, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
    },
  });
}

function listing(): string {
  const rows = scenarios.map(
    ({ provider, title, broken }) => `
      <section>
        <h2>${provider}</h2>
        <p>${title}</p>
        <button data-provider="${provider}">Authenticate</button>
        <button data-provider="${provider}" data-break="1" title="Changes one byte of ${broken}">Break it</button>
        <pre id="${provider}" aria-live="polite"></pre>
      </section>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Five authentications</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark; }
  section { border-top: 1px solid #8886; padding: .5rem 0 1rem; }
  pre { overflow-x: auto; margin: .5rem 0 0; font: 13px/1.45 ui-monospace, monospace; }
  button { font: inherit; padding: .2rem .8rem; }
</style>
<h1>Five authentications</h1>
<p>Each button drives one provider's flow over HTTP on loopback, against its emulator.</p>
${rows.join('')}
<script>
  for (const button of document.querySelectorAll('button')) {
    button.addEventListener('click', async () => {
      const { provider, break: broken } = button.dataset;
      const out = document.getElementById(provider);
      out.textContent = '';
      const response = await fetch('/play/' + provider + (broken ? '?break=1' : ''), { method: 'POST' });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        out.textContent += value;
      }
    });
  }
</script>
</html>`;
}
