import { isLoopback } from '@x/http/options';
import type { Transport } from './transport.ts';

/** An app registered with the emulated Hub. */
export interface EmulatorApp {
  readonly name: string;
  /** The registered base URL: https, or http on loopback. May have a path. */
  readonly baseUrl: string;
  /** Serves `baseUrl` in this process. Default: the network. */
  readonly handle?: Transport | undefined;
  /** A public app is never asked for a token. Default `private`. */
  readonly visibility?: 'private' | 'public' | undefined;
  /** `2016-07` writes the username into the path of data requests. Default `2016-11`. */
  readonly paths?: '2016-11' | '2016-07' | undefined;
  /** Where Hub sends the user after a good hand-over. Default a page of the emulator. */
  readonly redirectUrl?: string | undefined;
}

/** A person with a Hub login. */
export interface EmulatorUser {
  readonly login: string;
  /** The usernames that Hub lets an app report for this person. Default any. */
  readonly usernames?: readonly string[] | undefined;
}

/** A token that Hub keeps. */
export interface Link {
  readonly app: EmulatorApp;
  readonly login: string;
  readonly username: string;
  /** The exact JSON text of `auth`. */
  readonly auth: string;
}

/** What the emulated Hub knows. */
export interface Registry {
  addApp(app: EmulatorApp): void;
  addUser(user: EmulatorUser): void;
  app(name: string): EmulatorApp | undefined;
  /** @throws {TypeError} When there is no such app, or none is named and there is not exactly one. */
  requireApp(name: string | undefined): EmulatorApp;
  /** @throws {TypeError} When there is no such user. */
  requireUser(login: string): EmulatorUser;
  apps(): readonly EmulatorApp[];
  /** Notes that a user is switching an app on. */
  begin(app: EmulatorApp, user: EmulatorUser): void;
  /** Who may be meant by a hand-over, the latest first: Hub is told the app and a username, nothing else. */
  pending(app: EmulatorApp): readonly EmulatorUser[];
  /** Keeps a token, replacing the one for the same app and username. */
  keep(link: Link): void;
  link(app: EmulatorApp, login: string): Link | undefined;
  linkByUsername(app: EmulatorApp, username: string): Link | undefined;
  links(): readonly Link[];
  /** Every token that the user's links ever had, oldest first. */
  history(app: EmulatorApp, login: string): readonly string[];
}

/** Makes an empty registry. */
export function createRegistry(): Registry {
  const apps = new Map<string, EmulatorApp>();
  const users = new Map<string, EmulatorUser>();
  const kept = new Map<string, Link>();
  let underWay: { readonly app: EmulatorApp; readonly user: EmulatorUser }[] = [];
  const history: Link[] = [];

  /** The link with its app as registered now. */
  function renew(link: Link): Link {
    return { ...link, app: apps.get(link.app.name) ?? link.app };
  }

  return {
    addApp(app) {
      const { name, baseUrl } = app;
      if (name === '') throw new TypeError('name of an app must not be empty');
      const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
      if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLoopback(url.hostname))) {
        throw new TypeError('baseUrl of an app must be https:, or http: on loopback');
      }
      apps.set(name, { ...app, baseUrl: baseUrl.replace(/\/$/, '') });
    },
    addUser(user) {
      if (user.login === '') throw new TypeError('login of a user must not be empty');
      users.set(user.login, user);
    },
    app: (name) => apps.get(name),
    requireApp(name) {
      const [only, another] = name === undefined ? [...apps.values()] : [apps.get(name)];
      if (only === undefined || another !== undefined) throw new TypeError('app must name one that is registered');
      return only;
    },
    requireUser(login) {
      const user = users.get(login);
      if (user === undefined) throw new TypeError('user must be one of the users that were added');
      return user;
    },
    apps: () => [...apps.values()],
    begin(app, user) {
      underWay = underWay.filter((entry) => entry.app.name !== app.name || entry.user.login !== user.login);
      underWay.unshift({ app, user });
    },
    pending: (app) => underWay.filter((entry) => entry.app.name === app.name).map(({ user }) => user),
    keep(link) {
      const { app, username, login } = link;
      underWay = underWay.filter((entry) => entry.app.name !== app.name || entry.user.login !== login);
      const key = JSON.stringify([app.name, username]);
      kept.delete(key); // so that the latest link comes last
      kept.set(key, link);
      history.push(link);
    },
    link(app, login) {
      const found = [...kept.values()].filter((link) => link.app.name === app.name && link.login === login).at(-1);
      return found === undefined ? undefined : renew(found);
    },
    linkByUsername(app, username) {
      const found = kept.get(JSON.stringify([app.name, username]));
      return found === undefined ? undefined : renew(found);
    },
    links: () => [...kept.values()].map(renew),
    history: (app, login) =>
      history.filter((link) => link.app.name === app.name && link.login === login).map(({ auth }) => auth),
  };
}
