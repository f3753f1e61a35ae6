import { md5 as nobleMd5, sha1 as nobleSha1 } from '@noble/hashes/legacy.js';
import { sha256 as nobleSha256, sha384 as nobleSha384, sha512 as nobleSha512 } from '@noble/hashes/sha2.js';
import type { Digest } from './digest.ts';
import { fastestDigest } from './fastest-digest.ts';
import { softwareDigest } from './software-digest.ts';

/** MD5, for providers that still ask for it. Collisions are cheap; never choose it for something new. */
export const md5: Digest = /* @__PURE__ */ fastestDigest(/* @__PURE__ */ softwareDigest('md5', nobleMd5));

/** SHA-1, for providers that still ask for it. HMAC-SHA1 holds; the bare hash no longer resists collisions. */
export const sha1: Digest = /* @__PURE__ */ fastestDigest(/* @__PURE__ */ softwareDigest('sha1', nobleSha1));

/** SHA-256. */
export const sha256: Digest = /* @__PURE__ */ fastestDigest(/* @__PURE__ */ softwareDigest('sha256', nobleSha256));

/** SHA-384. */
export const sha384: Digest = /* @__PURE__ */ fastestDigest(/* @__PURE__ */ softwareDigest('sha384', nobleSha384));

/** SHA-512. */
export const sha512: Digest = /* @__PURE__ */ fastestDigest(/* @__PURE__ */ softwareDigest('sha512', nobleSha512));
