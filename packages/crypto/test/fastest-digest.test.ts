import crypto from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fastestDigest } from '../src/fastest-digest.ts';
import { encodeHex } from '../src/hex.ts';
import { software } from './implementations.ts';

const choose = suite('fastest-digest · fastestDigest');
const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
// RFC 4231 §4.3
const question = 'what do ya want for nothing?';
const answer = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';

/** A platform that counts how often it is asked for its crypto, and what it computes. */
function platformScope(): { scope: object; asked: () => number; hashed: () => number } {
  let asked = 0;
  let hashed = 0;
  const counting = {
    createHmac(name: string, key: string) {
      hashed += 1;
      return crypto.createHmac(name, key);
    },
    createHash(name: string) {
      hashed += 1;
      return crypto.createHash(name);
    },
  };
  const getBuiltinModule = (): object => {
    asked += 1;
    return counting;
  };
  return { scope: { process: { getBuiltinModule } }, asked: () => asked, hashed: () => hashed };
}

choose('takes the JavaScript implementation where the platform has none', () => {
  const digest = fastestDigest(software.sha256, {});
  assert.is(encodeHex(digest.hash('abc')), abc);
  assert.is(digest.authenticateHex('Jefe', question), answer);
  assert.is(encodeHex(digest.authenticate('Jefe', question)), answer);
  assert.equal([digest.name, digest.outputBytes, digest.blockBytes], ['sha256', 32, 64]);
});

choose('takes the implementation of the platform', () => {
  const { scope, hashed } = platformScope();
  const digest = fastestDigest(software.sha256, scope);
  assert.is(encodeHex(digest.hash('abc')), abc);
  assert.is(encodeHex(digest.authenticate('Jefe', question)), answer);
  assert.is(digest.authenticateHex('Jefe', question), answer);
  assert.is(hashed(), 3);
  assert.equal([digest.name, digest.outputBytes, digest.blockBytes], ['sha256', 32, 64]);
});

choose('looks for the platform when it is first used, and once', () => {
  const { scope, asked } = platformScope();
  const digest = fastestDigest(software.sha256, scope);
  assert.is(asked(), 0);
  digest.authenticate('key', 'data');
  digest.authenticateHex('key', 'data');
  digest.hash('abc');
  digest.authenticate('key', 'data');
  assert.is(asked(), 1);
});

choose.run();
