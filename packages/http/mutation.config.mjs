// Mutation testing, a file at a time: `MUTATE=retry pnpm mutation`. The tests that answer for each file:
import { mutateOne } from '@x/testing';

// biome-ignore lint/style/noDefaultExport: the tool reads the default export
export default mutateOne({
  'cap-body': 'cap-body',
  client: 'client retry-table',
  'credential-issuer': 'credential-issuer renewable-credential rotating refusal-backoff',
  'credential-shelf': 'credential-shelf shared-value',
  'emulator/apply-fault': 'apply-fault scaffold',
  'emulator/broken-connection': 'broken-connection',
  'emulator/faults': 'emulator/faults',
  errors: 'errors',
  'held-value': 'held-value renewable-credential.test',
  'http-date': 'http-date',
  'map-error': 'map-error client transport wrap-instance',
  'ordered-store': 'ordered-store',
  paginate: 'paginate',
  'rate-limiter/window': 'window',
  redact: 'redact',
  'refusal-backoff': 'refusal-backoff',
  'renewable-credential': 'renewable-credential rotating refusal-backoff',
  'renewal-lease': 'renewal-lease shared-value',
  'request-mistake': 'request-mistake',
  retry: 'retry.test',
  'retry-budget': 'retry-budget',
  'server-time': 'server-time',
  'server/json-depth': 'json-depth',
  'shared-value': 'shared-value renewable-credential rotating',
  transport: 'transport client map-error',
  'unstored-value': 'unstored-value',
  'wrap-instance': 'wrap-instance request-mistake client',
});
