import type { JsonValue } from '@x/crypto';
import {
  assertOptionNames,
  createScaffold,
  type FaultPlan,
  type Journal,
  type Served,
  type ServeOptions,
  serve,
} from '@x/http/emulator';
import { type AttackName, type AttackResult, attack, attackNames } from './attacks.ts';
import { type Browser, openBrowser } from './browser.ts';
import { type AskOptions, type AskResult, createAsker, type TimelineOptions } from './data-calls.ts';
import type { HandOverAnswer } from './hand-over.ts';
import type { CreateEmulatorOptions } from './options.ts';
import { createRegistry, type EmulatorApp, type EmulatorUser, type Link } from './registry.ts';
import { createRoutes } from './routes.ts';
import { createSchedule } from './schedule.ts';
import { networkTransport, type Transport } from './transport.ts';

/** A user's browser on its way through a link. */
export interface LinkDriver extends Browser {
  /** What Hub's own page says: `success`, `error`, or nothing yet. */
  readonly outcome: 'pending' | 'success' | 'error';
}

/** One call that {@link Emulator.run} made. */
export interface RunResult extends AskResult {
  readonly user: string;
  readonly app: string;
  readonly kind: 'notifications' | 'timeline';
}

/** Hub core in memory. */
export interface Emulator {
  /** Hub as a fetch, to be given to `createHub`. Rejects with a `TypeError` for other hosts and dropped connections. */
  fetch(input: Request | string | URL, init?: RequestInit): Promise<Response>;
  /** Everything that was said and what Hub made of it. */
  readonly journal: Journal;
  readonly faults: FaultPlan;
  /** What apps are told as `hubUrl`. */
  readonly origin: string;
  /** Puts Hub on a loopback port, which becomes its origin. */
  serve(options?: ServeOptions): Promise<Served>;
  /** Registers an app, replacing one of that name. @throws {TypeError} For a base URL that Hub would not take. */
  registerApp(app: EmulatorApp): void;
  addUser(user: EmulatorUser): void;
  /** Switches an app on for a user: opens the app's link-start page in a new browser. */
  enable(user: string, app?: string): Promise<LinkDriver>;
  /** Whether Hub keeps a token for the user. */
  isLinked(user: string, app?: string): boolean;
  /** Answers the next hand-overs so, `times` of them, default 1. */
  answerHandOver(answer: HandOverAnswer, times?: number): void;
  notifications(user: string, options?: AskOptions): Promise<AskResult>;
  timeline(user: string, options?: TimelineOptions): Promise<AskResult>;
  /** Acts on an item. `member` names the value in the body: after the property (default), or `value`. */
  act(
    user: string,
    action: { readonly itemId: string; readonly property: string; readonly value: JsonValue },
    options?: AskOptions & { readonly member?: 'property' | 'value' | undefined },
  ): Promise<AskResult>;
  /** Makes the calls that are due: both for every user that was pushed, and those whose `refreshAt` has come. */
  run(): Promise<readonly RunResult[]>;
  /** Attacks the app with one of `attackNames`, as or against a linked user. */
  attack(name: AttackName, user: string, app?: string): Promise<AttackResult>;
}

const optionNames: Readonly<Record<keyof CreateEmulatorOptions, true>> = {
  apps: true,
  users: true,
  origin: true,
  clock: true,
  random: true,
  sleep: true,
  transport: true,
};

/**
 * Makes Hub core of the revision of November 2016, with the paths of July 2016 by choice of each app.
 *
 * Deterministic under `clock`. Tokens are kept as the exact JSON text that was handed over and sent back byte for
 * byte; the journal shows them as SHA-256 prefixes.
 *
 * @see Hub fact sheet §13
 */
export function createEmulator(options: CreateEmulatorOptions = {}): Emulator {
  assertOptionNames(options, optionNames);
  const registry = createRegistry();
  const answers: HandOverAnswer[] = [];
  const schedule = createSchedule();
  let { origin = 'https://core.broadsoftlabs.com' } = options;

  const scaffold = createScaffold({
    clock: options.clock,
    random: options.random,
    sleep: options.sleep,
    routes: createRoutes({ registry, schedule, takeAnswer: () => answers.shift() ?? 'success', origin: () => origin }),
  });
  const { journal, clock } = scaffold;
  const ask = createAsker({ transportFor, journal, origin: () => origin, clock });
  for (const app of options.apps ?? []) registry.addApp(app);
  for (const user of options.users ?? []) registry.addUser(user);

  function transportFor(app: EmulatorApp): Transport {
    return app.handle ?? options.transport ?? networkTransport;
  }

  /** What a browser reaches: Hub itself, apps in this process, and whatever else there is. */
  const browserTransport: Transport = (request) => {
    const target = new URL(request.url);
    if (target.origin === origin) return scaffold.fetch(request);
    const app = registry.apps().find(({ baseUrl }) => new URL(baseUrl).origin === target.origin);
    return app === undefined ? (options.transport ?? networkTransport)(request) : transportFor(app)(request);
  };

  /** @throws {TypeError} When the user is not linked. */
  function requireLink(user: string, appName: string | undefined): Link {
    const app = registry.requireApp(appName);
    const { login } = registry.requireUser(user);
    if (app.visibility === 'public') return { app, login, username: login, auth: 'null' };
    const link = registry.link(app, login);
    if (link === undefined) throw new TypeError('user must have linked the app first');
    return link;
  }

  function pathOf({ app, username }: Link, rest: string): string {
    const name = `/v1/${encodeURIComponent(app.name)}`;
    const isLong = app.paths === '2016-07' && app.visibility !== 'public';
    return isLong ? `${name}/${encodeURIComponent(username)}/${rest}` : `${name}/${rest}`;
  }

  async function askFor(link: Link, kind: 'notifications' | 'timeline', how: TimelineOptions): Promise<AskResult> {
    const { emails = [], phoneNumbers = [], search } = how;
    const context = { emails, phoneNumbers };
    const members = kind === 'notifications' ? {} : search === undefined ? { context } : { search, context };
    return schedule.during(link, async () => {
      const result = await ask(link, { ...how, kind, method: 'POST', path: pathOf(link, kind), members });
      schedule.refresh(link, kind, result.refreshAtMs);
      return result;
    });
  }

  const fetch: Emulator['fetch'] = async (input, init) => {
    const request = new Request(input, init);
    if (new URL(request.url).origin === origin) return scaffold.fetch(request);
    journal.record({
      method: request.method,
      url: request.url,
      status: undefined,
      warnings: ['the app called a host that is not Hub'],
    });
    throw new TypeError('fetch failed');
  };

  return {
    fetch,
    journal,
    faults: scaffold.faults,
    get origin() {
      return origin;
    },
    async serve(serveOptions) {
      const served = await serve(scaffold.fetch, serveOptions);
      origin = served.url;
      return served;
    },
    registerApp: registry.addApp,
    addUser: registry.addUser,
    async enable(user, appName) {
      const app = registry.requireApp(appName);
      if (app.visibility === 'public') throw new TypeError('a public app is never asked for a token');
      registry.begin(app, registry.requireUser(user));
      const url = `${app.baseUrl}/v1/${encodeURIComponent(app.name)}/authenticate?hubUrl=${encodeURIComponent(origin)}`;
      const browser = await openBrowser({ url, initiator: `${origin}/settings`, transport: browserTransport, clock });
      const successUrl = app.redirectUrl ?? `${origin}/hub/linked`;
      return Object.defineProperty(browser, 'outcome', {
        get: () =>
          browser.page.url === successUrl
            ? 'success'
            : browser.page.url === `${origin}/hub/link-failed`
              ? 'error'
              : 'pending',
      }) as LinkDriver; // the property that was just defined
    },
    isLinked: (user, appName) => registry.link(registry.requireApp(appName), user) !== undefined,
    answerHandOver(answer, times = 1) {
      for (let count = 0; count < times; count += 1) answers.push(answer);
    },
    notifications: (user, how = {}) => askFor(requireLink(user, how.app), 'notifications', how),
    timeline: (user, how = {}) => askFor(requireLink(user, how.app), 'timeline', how),
    act(user, { itemId, property, value }, how = {}) {
      const link = requireLink(user, how.app);
      const path = pathOf(link, `timeline/${encodeURIComponent(itemId)}/${encodeURIComponent(property)}`);
      const members = { [how.member === 'value' ? 'value' : property]: value };
      return ask(link, { ...how, kind: 'action', method: 'PUT', path, members });
    },
    async run() {
      const results: RunResult[] = [];
      for (const { link, kind } of schedule.takeDue(clock())) {
        const current = registry.linkByUsername(link.app, link.username) ?? link;
        results.push({ user: link.login, app: link.app.name, kind, ...(await askFor(current, kind, {})) });
      }
      return results;
    },
    async attack(name, user, appName) {
      if (!attackNames.includes(name)) throw new TypeError(`attack must be one of ${attackNames.join(', ')}`);
      const link = requireLink(user, appName);
      const { app } = link;
      const history = registry.history(app, link.login);
      return attack(name, { app, hub: origin, link, history }, { transport: transportFor(app), journal });
    },
  };
}
