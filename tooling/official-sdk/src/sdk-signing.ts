import { createRequire } from 'node:module';

/** What the SDK sends to begin a session: parameters, one level deep, and the signature over them. */
export type SignedMessage = Readonly<Record<string, string | number | Readonly<Record<string, string>>>> & {
  readonly signature: string;
};

/** Signs as the SDK does, without sending. */
export type SignWithSdk = (params: object) => SignedMessage;

interface Request {
  readonly data: SignedMessage;
}

interface AuthProxy {
  createSession(params: object, callback: () => void): void;
}

/** Takes the SDK's own code for session requests, in this process, and hands out what it would have sent. */
export function createSignWithSdk(keys: {
  readonly applicationId: number;
  readonly authKey: string;
  readonly authSecret: string;
  readonly hash?: 'sha1' | 'sha256';
}): SignWithSdk {
  const require = createRequire(import.meta.url);
  const Auth = require('quickblox/src/modules/qbAuth.js') as new (service: {
    ajax(request: Request): void;
  }) => AuthProxy;
  const config = require('quickblox/src/qbConfig.js') as { creds: object; hash: string };
  let sent: SignedMessage | undefined;
  const auth = new Auth({
    ajax({ data }) {
      sent = data;
    },
  });
  const callback = (): void => {};
  const { applicationId, authKey, authSecret, hash = 'sha1' } = keys;
  return (params) => {
    config.creds = { appId: applicationId, authKey, authSecret };
    config.hash = hash;
    auth.createSession(params, callback);
    if (sent === undefined) throw new Error('the SDK sent nothing');
    return sent;
  };
}
