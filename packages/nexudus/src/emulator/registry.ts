import { constantTimeEqual, digest, encodeHex, md5, type RandomSource } from '@x/crypto';
import type { LinkStyle } from './install-link.ts';
import { type Spelling, spell } from './spelling.ts';

/** A role that an endpoint asks for. */
export type Role = 'Business-List' | 'Business-Read' | 'Business-Edit';

/** An application that customers can install. */
export interface EmulatedApp {
  readonly name: string;
  readonly key: string;
  readonly secret: string;
  readonly installUrl: string;
  readonly roles: readonly Role[];
  readonly link: LinkStyle;
  readonly spelling: InstallSpelling;
}

/** What an application is registered with. */
export interface RegisterAppOptions {
  /** Where an administrator's browser is sent after consenting. */
  readonly installUrl: string;
  /** Default `An application`. */
  readonly name?: string | undefined;
  /** 32 hex digits; default drawn from `random`. */
  readonly key?: string | undefined;
  /** Default 32 hex digits drawn from `random`. Customers' own choices need not be hex. */
  readonly secret?: string | undefined;
  /** Roles that installations get; default all. */
  readonly roles?: readonly Role[] | undefined;
  /** How its links are written; default as the early documentation shows. */
  readonly link?: LinkStyle | undefined;
  /** Which tokens its installations get, and how key and token are written; default new ones, as they are. */
  readonly spelling?: InstallSpelling | undefined;
}

/** An application at one location. */
export interface EmulatedInstallation {
  readonly app: EmulatedApp;
  readonly businessId: number;
  /** `a` as it was sent. */
  readonly sentKey: string;
  /** `t` as it was sent. */
  readonly sentToken: string;
}

/** What credentials turn out to be. */
export type CredentialVerdict =
  | { readonly kind: 'accepted'; readonly installation: EmulatedInstallation }
  | { readonly kind: 'removed'; readonly refusals: number }
  | { readonly kind: 'unknown-application' | 'wrong-token' };

/** Applications and their installations. */
export interface Registry {
  registerApp(options: RegisterAppOptions): EmulatedApp;
  app(key: string): EmulatedApp | undefined;
  /** Installs, in place of an earlier installation at the same location. */
  install(app: EmulatedApp, businessId: number, spelling: InstallSpelling): EmulatedInstallation;
  uninstall(app: EmulatedApp, businessId: number): boolean;
  judge(userName: string, password: string): CredentialVerdict;
  /** Everything that must not show up in a URL. */
  secrets(): readonly string[];
}

/** Which token an installation gets, and how key and token are written. */
export interface InstallSpelling {
  readonly key?: Spelling | undefined;
  readonly token?: Spelling | undefined;
  /** `new` (default), `same` as the one before at this location, also when that was removed, or a text of your own. Nobody knows which is real. */
  readonly value?: 'new' | 'same' | { readonly fixed: string } | undefined;
}

export function createRegistry(random: RandomSource): Registry {
  const apps = new Map<string, EmulatedApp>();
  const installed = new Map<string, EmulatedInstallation>();
  const removed: { readonly installation: EmulatedInstallation; refusals: number }[] = [];

  const place = (app: EmulatedApp, businessId: number): string => `${app.key}/${businessId}`;
  const isAt = (installation: EmulatedInstallation, app: EmulatedApp, businessId: number): boolean =>
    installation.app.key === app.key && installation.businessId === businessId;
  const passwordOf = ({ app, sentToken }: EmulatedInstallation): string =>
    encodeHex(digest(md5, `${sentToken}${app.secret}`));

  function owns(installation: EmulatedInstallation, userName: string, password: string): boolean {
    const { app, sentKey } = installation;
    const isNamed = constantTimeEqual(userName, app.key) || constantTimeEqual(userName, sentKey);
    return constantTimeEqual(password, passwordOf(installation)) && isNamed;
  }

  function uninstall(app: EmulatedApp, businessId: number): boolean {
    const installation = installed.get(place(app, businessId));
    if (installation === undefined) return false;
    installed.delete(place(app, businessId));
    removed.push({ installation, refusals: 0 });
    return true;
  }

  return {
    registerApp({ installUrl, name = 'An application', key, secret, roles, link = {}, spelling = {} }) {
      if (!URL.canParse(installUrl)) throw new TypeError('installUrl must be an absolute URL');
      const app: EmulatedApp = {
        name,
        key: key ?? encodeHex(random(16)),
        secret: secret ?? encodeHex(random(16)),
        installUrl,
        roles: roles ?? ['Business-List', 'Business-Read', 'Business-Edit'],
        link,
        spelling,
      };
      apps.set(app.key, app);
      return app;
    },
    app: (key) => apps.get(key),
    install(app, businessId, { key = 'plain', token = 'plain', value = 'new' }) {
      const before = installed.get(place(app, businessId));
      const drawn = spell(encodeHex(random(16)), token);
      const former = removed.filter(({ installation }) => isAt(installation, app, businessId)).at(-1);
      const kept = value === 'same' ? ((before ?? former?.installation)?.sentToken ?? drawn) : drawn;
      const sentToken = typeof value === 'object' ? value.fixed : kept;
      if (before !== undefined && before.sentToken !== sentToken) uninstall(app, businessId);
      const installation = { app, businessId, sentKey: spell(app.key, key), sentToken };
      installed.set(place(app, businessId), installation);
      return installation;
    },
    uninstall,
    judge(userName, password) {
      for (const installation of installed.values()) {
        if (owns(installation, userName, password)) return { kind: 'accepted', installation };
      }
      for (const former of removed) {
        if (!owns(former.installation, userName, password)) continue;
        former.refusals += 1;
        return { kind: 'removed', refusals: former.refusals };
      }
      const isKnown = apps.has(userName) || [...installed.values()].some(({ sentKey }) => sentKey === userName);
      return { kind: isKnown ? 'wrong-token' : 'unknown-application' };
    },
    secrets() {
      const all = [...installed.values(), ...removed.map(({ installation }) => installation)];
      return [
        ...[...apps.values()].map(({ secret }) => secret),
        ...all.flatMap((installation) => [installation.sentToken, passwordOf(installation)]),
      ];
    },
  };
}
