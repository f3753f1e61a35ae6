import { registerHooks } from 'node:module';

const standIns = {
  /** The SDK makes a chat client at `init`; this one never connects. */
  'node-xmpp-client': 'module.exports = class { on() {} send() {} };',
  /** Asks the platform's `fetch` instead. */
  'node-fetch': 'module.exports = (url, options) => globalThis.fetch(url, options);',
} as const;

const scheme = 'stand-in:';

/** Gives something of ours to whoever requires one of these modules from now on. */
export function standIn(...names: readonly (keyof typeof standIns)[]): void {
  registerHooks({
    resolve(specifier, context, next) {
      const name = names.find((known) => known === specifier);
      return name === undefined ? next(specifier, context) : { url: `${scheme}${name}`, shortCircuit: true };
    },
    load(url, context, next) {
      const name = names.find((known) => url === `${scheme}${known}`);
      if (name === undefined) return next(url, context);
      return { format: 'commonjs', source: standIns[name], shortCircuit: true };
    },
  });
}
