// Mutation testing, a file at a time: `MUTATE=login pnpm mutation`. The tests that answer for each file:
import { mutateOne } from '@x/testing';

// biome-ignore lint/style/noDefaultExport: the tool reads the default export
export default mutateOne({
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
  'signature/explain': 'signature/explain',
  'signature/mistaken-texts': 'signature/explain verify',
  'signature/sign': 'signature/sign',
  'signature/verify': 'verify',
  'user-token': 'quickblox.test',
});
