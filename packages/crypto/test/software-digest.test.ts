import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeHex } from '../src/hex.ts';
import { encodeUtf8 } from '../src/utf8.ts';
import { software } from './implementations.ts';

const compute = suite('software-digest · softwareDigest');

compute('hashes without any platform module', () => {
  assert.is(encodeHex(software.md5.hash(encodeUtf8('abc'))), '900150983cd24fb0d6963f7d28e17f72');
});

compute('takes its sizes from the algorithm', () => {
  assert.equal([software.sha384.outputBytes, software.sha384.blockBytes], [48, 128]);
});

compute.run();
