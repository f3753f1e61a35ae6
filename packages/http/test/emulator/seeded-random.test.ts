import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seededRandom } from '../../src/emulator/seeded-random.ts';

const seeded = suite('seeded-random');

seeded('gives as many bytes as asked for, the same for the same seed', () => {
  const [one, other] = [seededRandom(7), seededRandom(7)];
  for (const length of [0, 1, 4, 32]) {
    const bytes = one(length);
    assert.is(bytes.byteLength, length);
    assert.equal([...bytes], [...other(length)]);
  }
});

seeded('goes on rather than beginning anew', () => {
  const random = seededRandom(7);
  assert.not.equal([...random(8)], [...random(8)]);
});

const seeds = [-1, 0, 1, 2, 3, 2 ** 31, 2 ** 32 - 1, 1_767_225_600_000];
for (const seed of seeds) {
  seeded(`seed ${seed} gives every byte about as often`, () => {
    const counts = new Array<number>(256).fill(0);
    for (const byte of seededRandom(seed)(65_536)) counts[byte] = (counts[byte] ?? 0) + 1;
    for (const [byte, count] of counts.entries()) assert.ok(Math.abs(count - 256) < 96, `${byte}: ${count}`);
  });
}

seeded('seeds beside each other begin apart', () => {
  const first = seeds.map((seed) => [...seededRandom(seed)(4)].join());
  assert.is(new Set(first).size, new Set(seeds.map((seed) => seed | 0)).size);
});

seeded.run();
