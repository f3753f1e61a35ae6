import type { EmulatorRoute } from '@x/http/emulator';
import type { EmulatedApp, Registry } from './registry.ts';

/** Installs and gives the link that the browser is sent to. */
export type Installer = (app: EmulatedApp, webAddress: string, email: string | undefined) => string | undefined;

/**
 * The step at which an administrator agrees to install an application.
 *
 * `GET /apps/{key}/install?business={webAddress}` shows the question; the form's `POST` sends the browser to the
 * install URL with 302, or back to a page when it was declined. That there is such a step is documented (§3.1); its
 * address, its form and what declining shows are assumed.
 */
export function consentRoutes(registry: Registry, install: Installer): EmulatorRoute[] {
  return [
    {
      method: 'GET',
      path: '/apps/:key/install',
      handle({ params, url, check }) {
        const app = registry.app(params['key'] ?? '');
        if (!check('application-key', app !== undefined) || app === undefined) return shown(404, 'No such application');
        const business = escapeHtml(url.searchParams.get('business') ?? '');
        return shown(
          200,
          `Install ${escapeHtml(app.name)}?`,
          `<form method="post"><input name="business" value="${business}"><input name="email" value="">` +
            '<button name="decision" value="accept">Install</button><button name="decision" value="decline">Cancel</button></form>',
        );
      },
    },
    {
      method: 'POST',
      path: '/apps/:key/install',
      async handle({ params, body, check }) {
        const app = registry.app(params['key'] ?? '');
        if (!check('application-key', app !== undefined) || app === undefined) return shown(404, 'No such application');
        const form = new URLSearchParams(await body());
        if (!check('consent', form.get('decision') === 'accept')) return shown(200, 'Not installed');
        const location = install(app, form.get('business') ?? '', form.get('email') || undefined);
        if (!check('business', location !== undefined) || location === undefined) return shown(404, 'No such location');
        return new Response(null, { status: 302, headers: { location, 'cache-control': 'no-store' } });
      },
    },
  ];
}

function shown(status: number, title: string, body = ''): Response {
  const html = `<!doctype html><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${body}`;
  return new Response(html, { status, headers: { 'content-type': 'text/html; charset=utf-8' } });
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
