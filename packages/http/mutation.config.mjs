// Mutation testing, a file at a time because the whole battery needs minutes: `MUTATE=retry pnpm mutation`.
import { env } from 'node:process';

/** The tests that answer for each file. */
const tests = {
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
};

const name = env.MUTATE ?? 'retry';
if (!(name in tests)) throw new Error(`MUTATE must be one of ${Object.keys(tests).join(', ')}`);

// biome-ignore lint/style/noDefaultExport: the tool reads the default export
export default {
  commandRunner: { command: `x-test ${tests[name]}` },
  mutate: [`src/${name}.ts`],
  checkers: [],
  tsconfigFile: 'none.json', // the tests run the sources as they are
  concurrency: 2,
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: `.stryker/${name.replaceAll('/', '-')}.json` },
  tempDirName: '.stryker/tmp',
  cleanTempDir: 'always',
};
