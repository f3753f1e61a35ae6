import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { toolsFolder } from './tools.ts';

/** A registry on loopback, empty but for what is published to it; other names come from the machine's own registry. */
export interface Registry {
  readonly url: string;
  /** An npm configuration that names the registry and may publish to it. */
  readonly userconfig: string;
  /** What the registry says of one package. */
  packument(name: string): Promise<Packument>;
  /** The tarball that installers of a version get. */
  tarball(name: string, version: string): Promise<Uint8Array>;
  stop(): Promise<void>;
}

/** What is read of a package's document. */
export interface Packument {
  readonly 'dist-tags': Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, PublishedManifest>>;
}

export interface PublishedManifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly dist: { readonly tarball: string; readonly integrity: string };
}

/**
 * Starts a registry.
 *
 * @param folder Where it keeps everything; removed by whoever made it.
 * @param uplink The registry that is asked for whatever is not ours.
 */
export async function startRegistry(folder: string, uplink: string): Promise<Registry> {
  mkdirSync(folder, { recursive: true });
  const child = spawn(process.execPath, [join(toolsFolder, 'registry.mjs'), folder, uplink], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    once(child, 'close').then(() => Promise.reject(new Error('the registry did not start'))),
  ])) as [string];
  const url = new URL(line).href;

  const userconfig = join(folder, 'userconfig');
  const token = await createUser(url, 'rehearsal');
  writeFileSync(userconfig, `registry=${url}\n//${new URL(url).host}/:_authToken=${token}\n`, { mode: 0o600 });

  const packument = async (name: string): Promise<Packument> =>
    (await answerOf(`${url}${name.replace('/', '%2f')}`)).json() as Promise<Packument>;

  return {
    url,
    userconfig,
    packument,
    async tarball(name, version) {
      const published = (await packument(name)).versions[version];
      if (published === undefined) throw new Error(`${name}@${version} was not published`);
      return new Uint8Array(await (await answerOf(published.dist.tarball)).arrayBuffer());
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, 'close');
    },
  };
}

async function answerOf(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}`);
  return response;
}

async function createUser(url: string, name: string): Promise<string> {
  const response = await fetch(`${url}-/user/org.couchdb.user:${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password: crypto.randomUUID() }),
  });
  const { token } = (await response.json()) as { token?: string };
  if (token === undefined) throw new Error(`the registry made no user: ${response.status}`);
  return token;
}
