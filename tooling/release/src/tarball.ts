import { gunzipSync } from 'node:zlib';

const blockBytes = 512;

/**
 * Reads a package's tarball: every file's text by its path inside the package.
 *
 * Reads what package managers write, plain files below one top folder, and refuses everything else: a link or a
 * device has no business in a package.
 */
export function readTarball(gzipped: Uint8Array): Map<string, string> {
  const bytes = gunzipSync(gzipped);
  const files = new Map<string, string>();
  for (let offset = 0; offset + blockBytes <= bytes.length; ) {
    const header = bytes.subarray(offset, offset + blockBytes);
    const name = field(header, 0, 100);
    if (name === '') break;
    const size = Number.parseInt(field(header, 124, 12), 8);
    const kind = field(header, 156, 1);
    if (kind !== '0' && kind !== '') throw new Error(`${name} is not a plain file`);
    const path = [field(header, 345, 155), name].filter((part) => part !== '').join('/');
    offset += blockBytes;
    files.set(path.replace(/^[^/]+\//, ''), bytes.subarray(offset, offset + size).toString('utf8'));
    offset += Math.ceil(size / blockBytes) * blockBytes;
  }
  return files;
}

function field(header: Uint8Array, from: number, length: number): string {
  const bytes = header.subarray(from, from + length);
  const end = bytes.indexOf(0);
  return Buffer.from(end === -1 ? bytes : bytes.subarray(0, end))
    .toString('latin1')
    .trim();
}

/**
 * Compares two tarballs to the last byte: with the files also their modes, times, owners and order, and how all of it
 * was compressed.
 *
 * @throws {Error} When they differ; the message names the files that do.
 */
export function assertSameTarball(one: Uint8Array, other: Uint8Array): void {
  if (Buffer.compare(one, other) === 0) return;
  const [files, others] = [readTarball(one), readTarball(other)];
  const paths = [...new Set([...files.keys(), ...others.keys()])];
  const different = paths.filter((path) => files.get(path) !== others.get(path)).sort();
  if (different.length > 0) throw new Error(`these differ: ${different.join(', ')}`);
  throw new Error('the files are the same, their packing is not');
}

/** The paths of a tarball's files, in order, where a bundler's hash in a name is a star: it differs with every change. */
export function contentsOf(files: ReadonlyMap<string, string>): string[] {
  const names = [...files.keys()].map((path) => path.replace(/-[\w-]{8}(\.(?:d\.ts|js))$/, '-*$1'));
  return [...new Set(names)].sort();
}
