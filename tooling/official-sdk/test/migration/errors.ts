import { isXError } from '@x/quickblox';
import { quickblox } from './quickblox.ts';

const session = quickblox.session({ kind: 'login', login: 'anna', password: 'not hers' });
try {
  await session.client.get('users.json');
} catch (error) {
  if (!isXError(error)) throw error;
  console.log(error.code); // credential.refused: a session could not be had
  if (isXError(error.cause)) console.log(error.cause.code); // quickblox.bad-credentials: why
}
