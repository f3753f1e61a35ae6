import crypto from 'node:crypto';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import type { Digest, DigestName } from '../src/digest.ts';
import { platformDigest } from '../src/platform-digest.ts';
import { softwareDigest } from '../src/software-digest.ts';

/** Every algorithm, computed in JavaScript. */
export const software: Readonly<Record<DigestName, Digest>> = {
  md5: softwareDigest('md5', md5),
  sha1: softwareDigest('sha1', sha1),
  sha256: softwareDigest('sha256', sha256),
  sha384: softwareDigest('sha384', sha384),
  sha512: softwareDigest('sha512', sha512),
};

/** Every algorithm, computed by the platform. */
export const platform: Readonly<Record<DigestName, Digest>> = {
  md5: platformDigest(crypto, software.md5),
  sha1: platformDigest(crypto, software.sha1),
  sha256: platformDigest(crypto, software.sha256),
  sha384: platformDigest(crypto, software.sha384),
  sha512: platformDigest(crypto, software.sha512),
};

export const digestNames: readonly DigestName[] = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'];
