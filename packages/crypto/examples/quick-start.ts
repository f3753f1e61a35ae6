import { constantTimeEqual, createSealer, generateKey, hmacHex, sha256 } from '@x/crypto';

// A key ring: the first key seals, every key opens.
const march = { id: '2026-03', key: generateKey() };
const april = { id: '2026-04', key: generateKey() };
const context = ['shop', 'user-token'];

const before = createSealer({ keys: [march], context });
const token = before.seal('ann', { plan: 'gold' }, { expiresInMs: 3_600_000 });

// Rotation: first every machine learns to open with the new key, then they begin to seal with it.
const added = createSealer({ keys: [march, april], context });
const moved = createSealer({ keys: [april, march], context });
for (const opened of [moved.open(token), added.open(moved.seal('bob', { plan: 'silver' }))]) {
  if (opened.ok) console.log(`${opened.subject} has ${JSON.stringify(opened.claims)}, sealed with ${opened.keyId}`);
}

// The old key goes when its tokens have expired.
const after = createSealer({ keys: [april], context });
console.log('without the old key:', after.open(token));
const elsewhere = createSealer({ keys: [march], context: ['shop', 'password-reset'] });
console.log('for another purpose:', elsewhere.open(token));

// A signature over the bytes as received, compared in constant time.
const signature = hmacHex(sha256, 'shared secret', '{"paid":true}');
const expected = hmacHex(sha256, 'shared secret', '{"paid":true}');
console.log('signature holds:', constantTimeEqual(signature, expected));
