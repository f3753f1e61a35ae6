import { connect, createServer } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { holdPort } from '../src/hold-port.ts';

const hold = suite('testing · holdPort');

const answerAt = (port: number): Promise<unknown> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve('connected'));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    socket.on('close', () => socket.destroy());
    socket.unref();
  });

hold('is a port where nobody answers, until who was told its number listens there', async () => {
  const { port, release } = await holdPort();
  assert.is(await answerAt(port), 'ECONNREFUSED');
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  assert.is(await answerAt(port), 'connected');
  server.close();
  release();
});

hold.run();
