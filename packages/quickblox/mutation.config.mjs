// Mutation testing, a file at a time because the whole battery needs minutes: `MUTATE=login pnpm mutation`.
import { env } from 'node:process';

/** The tests that answer for each file. */
const tests = {
  discovery: 'discovery',
  'expiration-date': 'expiration-date',
  fault: 'fault',
  handler: 'handler',
  'issue-session': 'issue-session',
  'issued-session': 'issued-session',
  login: 'login.test',
  options: 'options no-document',
  parameters: 'parameters',
  'resources/criteria': 'criteria',
  'resources/query': 'query',
  'resources/user-filter': 'user-filter',
  session: 'session.test session-credential',
  'session-credential': 'session-credential session.test',
  'signature/sign': 'signature/sign',
  'signature/verify': 'verify',
  'user-token': 'quickblox.test',
};

const name = env.MUTATE ?? 'login';
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
