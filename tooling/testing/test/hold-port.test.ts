import { connect } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { vacantPort } from '../src/vacant-port.ts';

const vacant = suite('testing · vacantPort');

vacant('is a port where nobody answers, and that nobody is given who asks for any', async () => {
  const port = await vacantPort();
  assert.ok(port >= 20_000 && port < 32_000, String(port));
  const code = await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve('connected'));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
  assert.is(code, 'ECONNREFUSED');
});

vacant.run();
