import type { EmulatorRoute } from '@x/http/emulator';
import { type Answer, baseError } from './answers.ts';
import type { EmulatorState } from './state.ts';

/** `GET /account_settings.json`: where an account's hosts are. @see QuickBlox fact sheet §1; the refusal is assumed. */
export function accountRoutes(state: EmulatorState, answer: Answer): EmulatorRoute[] {
  return [
    {
      method: 'GET',
      path: '/account_settings.json',
      handle(exchange) {
        const key = exchange.request.headers.get('qb-account-key');
        const known = key !== null && state.applications.some(({ settings }) => settings.accountKey === key);
        if (!exchange.check('account key', known)) {
          return answer(exchange, { status: 401, body: baseError('Account key is not valid') });
        }
        const { origin, hostname } = exchange.url;
        const body = {
          api_endpoint: state.settings.apiEndpoint ?? origin,
          chat_endpoint: hostname,
          turnserver_endpoint: hostname,
        };
        return answer(exchange, { status: 200, body });
      },
    },
  ];
}
