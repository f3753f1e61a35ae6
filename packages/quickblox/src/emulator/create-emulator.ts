import { systemClock, systemRandom } from '@x/crypto';
import { assertOptionNames, createScaffold, type EmulatorRoute, type Exchange, type Scaffold } from '@x/http/emulator';
import { accountRoutes } from './account-routes.ts';
import { addressBookRoutes } from './address-book-routes.ts';
import { aiRoutes } from './ai-routes.ts';
import { type Answer, baseError, createAnswer } from './answers.ts';
import { dialogRoutes } from './dialog-routes.ts';
import { fileRoutes } from './file-routes.ts';
import { loginRoutes } from './login-routes.ts';
import { messageRoutes } from './message-routes.ts';
import { type CreateEmulatorOptions, defaultSettings, type EmulatedUser, type EmulatorSettings } from './options.ts';
import { pushRoutes } from './push-routes.ts';
import { recordRoutes } from './record-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { createState, type EmulatorState } from './state.ts';
import { userRoutes } from './user-routes.ts';
import { userTokenRoutes } from './user-token-routes.ts';

/** A session of the emulator's, without its token. */
export interface EmulatedSession {
  readonly applicationId: number;
  /** 0 for the application's own. */
  readonly userId: number;
  readonly expiresAtMs: number;
}

/** QuickBlox's side of the protocol, in memory. */
export interface Emulator extends Pick<Scaffold, 'fetch' | 'journal' | 'faults' | 'serve'> {
  /** Changes how the server behaves from the next exchange on. @throws {TypeError} For a setting that there is not. */
  change(settings: Partial<EmulatorSettings>): void;
  /** The sessions that live, in the order of their creation. */
  sessions(): readonly EmulatedSession[];
  /** Ends all sessions, or those of one user: what had their tokens meets a session that is gone. */
  endSessions(userId?: number): void;
  /** Adds a user, or replaces the one with its id. @throws {RangeError} For an unknown application. */
  putUser(applicationId: number, user: EmulatedUser): void;
}

/**
 * Makes an emulator of QuickBlox's REST API: sessions, logins, API keys, user tokens, and the resources behind them.
 *
 * The same clock and random source give the same answers. What is documented, seen or assumed is said at each route.
 *
 * @throws {TypeError} When there is no application, and for a setting that there is not.
 * @see QuickBlox fact sheet §10.
 */
export function createEmulator(options: CreateEmulatorOptions): Emulator {
  assertOptionNames(options, optionNames);
  const { applications = [], clock = systemClock, random = systemRandom, sleep, ...settings } = options;
  if (applications.length === 0) throw new TypeError('applications must name at least one application');
  const state = createState(applications, { ...defaultSettings, ...settings }, random);
  const nowMs = (): number => clock() + state.settings.skewMs;
  const answer = createAnswer(() => state.settings);
  const routes = [...authenticationRoutes, ...resourceRoutes]
    .flatMap((routesOf) => routesOf(state, answer))
    .map((route) => ({ ...route, handle: watched(state, limited(state, answer, route.handle)) }));
  const { fetch, journal, faults, serve } = createScaffold({
    routes,
    clock: nowMs,
    random,
    sleep,
    notFound: (exchange) => answer(exchange, { status: 404, body: { code: 404, message: 'Not found' } }),
  });

  return {
    fetch,
    journal,
    faults,
    serve,
    change(changed) {
      assertOptionNames(changed, defaultSettings);
      state.settings = { ...state.settings, ...changed };
    },
    sessions: () =>
      [...state.sessions.values()]
        .filter(({ expiresAtMs }) => expiresAtMs > nowMs())
        .map(({ application, userId, expiresAtMs }) => ({
          applicationId: application.settings.id,
          userId,
          expiresAtMs,
        })),
    endSessions(userId) {
      for (const session of [...state.sessions.values()]) {
        if (userId === undefined || session.userId === userId) state.sessions.delete(session.token);
      }
    },
    putUser(applicationId, user) {
      const application = state.applications.find(({ settings: { id } }) => id === applicationId);
      if (application === undefined) throw new RangeError('applicationId must be that of an emulated application');
      application.users.set(user.id, { ...user, createdAtMs: nowMs(), updatedAtMs: nowMs() });
    },
  };
}

const optionNames = { ...defaultSettings, applications: true, clock: true, random: true, sleep: true };

type Handle = EmulatorRoute['handle'];

const authenticationRoutes = [sessionRoutes, loginRoutes, userTokenRoutes, accountRoutes];
const resourceRoutes = [
  userRoutes,
  dialogRoutes,
  messageRoutes,
  fileRoutes,
  pushRoutes,
  recordRoutes,
  addressBookRoutes,
  aiRoutes,
];

/** Answers 429 above the limit of one second. @see QuickBlox fact sheet §7; the body is assumed. */
function limited(state: EmulatorState, answer: Answer, handle: Handle): Handle {
  return (exchange) => {
    const second = Math.floor(exchange.nowMs / 1000);
    state.calls = state.calls.second === second ? { second, count: state.calls.count + 1 } : { second, count: 1 };
    if (state.calls.count <= state.settings.callsPerSecond) return handle(exchange);
    exchange.check('rate', false);
    return answer(exchange, { status: 429, body: baseError('Rate limit exceeded') });
  };
}

const secretNames = /token|signature|auth_key|secret|password|api_?key/i;

/** Warns of what stands in a URL and ought not to: URLs end up in logs. */
function watched(state: EmulatorState, handle: Handle): Handle {
  return (exchange: Exchange) => {
    for (const [name, value] of exchange.url.searchParams) {
      if (secretNames.test(name) || state.sessions.has(value)) exchange.warn('a secret or a token was sent in the URL');
    }
    return handle(exchange);
  };
}
