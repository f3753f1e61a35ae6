// Mutation testing, a file at a time: `MUTATE=retry pnpm mutation`. The tests that answer for each file:
import { mutateOne } from '@x/testing';

// biome-ignore lint/style/noDefaultExport: the tool reads the default export
export default mutateOne({
  'cap-body': 'cap-body',
  client: 'client retry-table',
  'emulator/apply-fault': 'apply-fault scaffold',
  'emulator/broken-connection': 'broken-connection',
  'emulator/faults': 'emulator/faults',
  errors: 'errors',
  'http-date': 'http-date',
  'map-error': 'map-error client transport wrap-instance',
  paginate: 'paginate',
  'rate-limiter/window': 'window',
  redact: 'redact',
  'request-mistake': 'request-mistake',
  retry: 'retry.test',
  'retry-budget': 'retry-budget',
  'server-time': 'server-time',
  transport: 'transport client map-error',
  'wrap-instance': 'wrap-instance request-mistake client',
});
