// Runs a registry on loopback until it is told to end: `node registry.mjs <folder> <uplink>`. Prints its address.
import { join } from 'node:path';
import { runServer } from 'verdaccio';

const [folder = '.', uplink = ''] = process.argv.slice(2);

const app = await runServer({
  configPath: join(folder, 'config.yaml'),
  storage: join(folder, 'storage'),
  auth: { htpasswd: { file: join(folder, 'htpasswd') } },
  uplinks: {
    // It is asked again after whatever failure: by default, two of them make it count as away for five minutes.
    world: { url: uplink, cache: true, maxage: '30m', timeout: '10m', max_fails: 1_000_000 },
  },
  // idle connections are the installers' to close
  server: { keepAliveTimeout: 0 },
  packages: {
    // Our own names are never asked for outside, so that what another registry has under them cannot get in.
    '@x/*': { access: '$all', publish: '$authenticated' },
    '**': { access: '$all', proxy: 'world' },
  },
  log: { type: 'stdout', format: 'json', level: 'fatal' },
});
const server = app.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
