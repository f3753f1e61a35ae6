import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fastestDigest } from '../src/fastest-digest.ts';
import { software } from './implementations.ts';

const choose = suite('fastest-digest · fastestDigest');

choose('takes the JavaScript implementation where the platform has none', () => {
  assert.is(fastestDigest(software.sha256, {}), software.sha256);
});

choose('takes the implementation of this platform', () => {
  const digest = fastestDigest(software.sha256);
  assert.is.not(digest, software.sha256);
  assert.is(digest.name, 'sha256');
});

choose.run();
