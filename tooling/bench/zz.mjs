import { build } from 'esbuild';
import { gzipSync } from 'node:zlib';
const names = process.argv[3].split(','), from = process.argv[2];
const r = await build({ stdin: { contents: `export { ${names.join(', ')} } from '${from}';`, resolveDir: process.cwd() }, bundle: true, minify: true, format: 'esm', platform: 'neutral', target: 'es2022', mainFields: ['module','main'], conditions: ['import'], metafile: true, write: false, external: ['node:*'] });
const out = Object.values(r.metafile.outputs)[0];
const rows = Object.entries(out.inputs).map(([f, { bytesInOutput: b }]) => [b, f.replace(/.*node_modules\//, '')]).sort((a, b) => b[0] - a[0]);
console.log(r.outputFiles[0].text.length, gzipSync(r.outputFiles[0].text, { level: 9 }).length);
for (const [b, f] of rows) if (b > 0) console.log(String(b).padStart(7), f);
