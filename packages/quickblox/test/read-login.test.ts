import { CredentialError, RequestError, type XError } from '@x/http';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { anna, createRig } from './harness.ts';

const never = () => new Promise<never>(() => {});
const reading = suite('quickblox · sources of logins that hang');

reading('hold a login up no longer than timeoutMs', async () => {
  const { quickblox, calls } = createRig({ client: { timeoutMs: 20 } });
  const error = await rejects(quickblox.session().login({ subject: 'a', read: never }), RequestError, 'http.timeout');
  assert.match(error.message, /^expected login\.read to give a login within 20 ms/);
  assert.equal(calls(), [], 'no session is made for nothing');
});

reading('hold a new session up no longer than timeoutMs', async () => {
  const { quickblox } = createRig({ client: { timeoutMs: 20 } });
  const token = quickblox.session({ subject: 'a', read: never }).token();
  const error = await rejects(token, CredentialError, 'credential.renewal-failed');
  assert.is((error.cause as XError).code, 'http.timeout');
});

reading('are told of the deadline, and that their caller gives up', async () => {
  for (const [timeoutMs, abortMs, code] of [
    [20, 60_000, 'http.timeout'],
    [60_000, 20, 'http.aborted'],
  ] as const) {
    const { quickblox } = createRig({ client: { timeoutMs } });
    let told: AbortSignal | undefined;
    const read = ({ signal }: { readonly signal?: AbortSignal | undefined }) => {
      told = signal;
      return never();
    };
    const login = quickblox.session().login({ subject: 'a', read }, { signal: AbortSignal.timeout(abortMs) });
    await rejects(login, RequestError, code);
    assert.is(told?.aborted, true);
  }
});

reading('keep nobody from giving up who waits for a turn behind them, and nobody from a turn after that', async () => {
  const { quickblox, calls } = createRig({ client: { timeoutMs: 60 } });
  const session = quickblox.session();
  const hanging = session.login({ subject: 'a', read: never });
  const leaving = new AbortController();
  const waiting = session.destroy({ signal: leaving.signal });
  const next = session.login(anna);
  leaving.abort();
  await rejects(waiting, RequestError, 'http.aborted');
  assert.equal(calls(), []);
  await rejects(hanging, RequestError, 'http.timeout');
  assert.is((await next).id, 7);
  assert.is(calls().filter((call) => call.startsWith('DELETE')).length, 0, 'the step given up never began');
});

reading.run();
