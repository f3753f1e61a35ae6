import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];
type Esbuild = Parameters<Plugin['setup']>[0]['esbuild'];

/** Joins what a build has split more finely than is of use to anybody. */
export interface ChunkJoiner {
  /** Borrows the build's own esbuild. */
  readonly plugin: Plugin;
  /** To be called when all files are written. */
  join(): Promise<void>;
}

/** A larger chunk is not to be loaded by an entry that can do without it. */
const maxBytes = 8_000;

/**
 * Makes what joins the small chunks of a folder that import no other package.
 *
 * esbuild makes a chunk for each set of entries that share something, down to a single line, and a file takes longer to
 * find and open than most of them take to read: a third of a millisecond each.
 */
export function chunkJoiner(folder: string): ChunkJoiner {
  let esbuild: Esbuild | undefined;
  return {
    plugin: {
      name: 'chunk-joiner',
      setup(build) {
        esbuild = build.esbuild;
      },
    },
    async join() {
      const files = readdirSync(folder).filter((file) => file.endsWith('.js'));
      const texts = new Map(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
      const isPlain = (file: string): boolean => {
        const text = texts.get(file) ?? '';
        return file.startsWith('chunk-') && text.length <= maxBytes && importsOf(text).every(isPlain);
      };
      const chunks = files.filter(isPlain);
      if (chunks.length < 2 || esbuild === undefined) return;
      const { metafile } = await esbuild.build({
        // by name, so that esbuild refuses two that have the same
        stdin: {
          contents: chunks.map((chunk) => reexport(chunk, texts.get(chunk) ?? '')).join(''),
          resolveDir: folder,
        },
        outdir: folder,
        entryNames: 'chunk-[hash]',
        metafile: true,
        bundle: true,
        format: 'esm',
        target: 'es2022',
        legalComments: 'none',
      });
      const [joined = ''] = Object.keys(metafile.outputs).map((path) => basename(path));
      for (const [file, text] of texts) {
        if (chunks.includes(file)) rmSync(join(folder, file));
        else {
          const moved = text.replaceAll(/'\.\/(chunk-[^']+)'/g, (same, to: string) =>
            chunks.includes(to) ? `'./${joined}'` : same,
          );
          writeFileSync(join(folder, file), moved);
        }
      }
    },
  };
}

/** The files and packages that a module imports, each of which stands in a line of its own. */
function importsOf(text: string): string[] {
  return [...text.matchAll(/^(?:import|export) (?:.* from )?'(?:\.\/)?([^']+)';$/gm)].map(([, name = '']) => name);
}

function reexport(chunk: string, text: string): string {
  const [, names = ''] = /^export (\{.*\});$/m.exec(text) ?? [];
  return `export ${names.replaceAll(/\w+ as /g, '')} from './${chunk}';\n`;
}
