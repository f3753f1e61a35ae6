import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualClock, seededRandom } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { measure, median } from '../src/measure.ts';
import { ourContenders, type RenewalContender } from '../src/renewal-peers.ts';
import { tryRenewals } from '../src/renewals.ts';
import { openRotatingAuthority } from '../src/rotating-authority.ts';
import { compareBursts } from '../src/shares.ts';
import { sizeOf, sizeOfBuild } from '../src/size.ts';
import { loadSoftwareCore } from '../src/software-core.ts';
import { startMs } from '../src/start-up.ts';
import { createMoments, welchT } from '../src/welch.ts';

const bench = suite('bench');

bench('the median is the middle', () => {
  assert.is(median([3, 1, 2]), 2);
  assert.is(median([4, 1, 2, 3]), 2.5);
  assert.is(median([]), 0);
});

bench('a contender that does ten times the work is measured as slower by that', async () => {
  let nowNs = 0;
  let calls = 0;
  /** Takes so long; the machine is away for a second at every hundredth call, whoever makes it. */
  const work = (ns: number) => () => {
    calls += 1;
    nowNs += calls % 100 === 0 ? 1e9 : ns;
  };
  const late = work(100_000);
  const measured = await measure(
    [
      { name: 'small', run: work(10_000) },
      { name: 'large', run: work(100_000) },
      { name: 'later', run: async () => late() },
    ],
    { rounds: 25, roundMs: 0.2, nowNs: () => nowNs },
  );
  assert.equal(
    measured.map(({ name, medianNs }) => [name, medianNs]),
    [
      ['small', 10_000],
      ['large', 100_000],
      ['later', 100_000],
    ],
  );
});

bench('bursts are compared within their round, after those that warm up, and come first in turn', async () => {
  const called: string[] = [];
  // the machine gets slower from burst to burst; `half` costs twice as much as `base` in any case
  const burst = (name: string, cost: number) => async () => {
    called.push(name);
    const slowness = 1 + Math.floor((called.length - 1) / 2);
    return { perSecond: 1000 / (cost * slowness), cpuUs: cost * slowness };
  };
  const contenders = [
    { name: 'base', burst: burst('base', 1) },
    { name: 'half', burst: burst('half', 2) },
  ];
  const [base, half] = await compareBursts(contenders, { rounds: 4 });
  assert.is(called.join(' '), 'base half half base half base base half base half');
  assert.equal([base?.throughput, base?.cpu], [Array(4).fill(1), Array(4).fill(1)]);
  assert.equal([half?.throughput, half?.cpu], [Array(4).fill(0.5), Array(4).fill(0.5)]);
  assert.equal([half?.perSecond, half?.cpuUs], [median([2, 3, 4, 5].map((slow) => 500 / slow)), 7]);
});

bench('Welch’s t tells a shifted class from a like one', () => {
  const random = seededRandom(7);
  const noise = (): number => (random(1)[0] ?? 0) / 255;
  const [a, b, c] = [createMoments(), createMoments(), createMoments()];
  for (let sample = 0; sample < 5000; sample += 1) {
    a.add(noise());
    b.add(noise());
    c.add(noise() + 0.2);
  }
  assert.ok(Math.abs(welchT(a, b)) < 4.5);
  assert.ok(Math.abs(welchT(a, c)) > 4.5);
});

/** Renews whenever it is asked, as whoever does not think of concurrency. */
const careless: RenewalContender = {
  name: 'careless',
  facility: 'none',
  async begin({ refresh }, url) {
    return async () => {
      const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refresh });
      const answer = await fetch(`${url}/token`, { method: 'POST', body });
      return ((await answer.json()) as { access_token?: string }).access_token;
    };
  },
};

bench('the rotating authority lets nobody pass who renews ten times, and those who renew once', async () => {
  const authority = await openRotatingAuthority();
  const clock = manualClock(); // tokens live for a second, which the machine may stand still for
  try {
    assert.equal(await tryRenewals(careless, authority, clock.advance), [
      { renewals: 10, stranded: 10 },
      { renewals: 10, stranded: 10 },
    ]);
    for (const contender of ourContenders(clock)) {
      assert.equal(await tryRenewals(contender, authority, clock.advance), [
        { renewals: 1, stranded: 0 },
        { renewals: 1, stranded: 0 },
      ]);
    }
  } finally {
    await authority.close();
  }
});

bench('the software copy is another one, and computes the same', async () => {
  const platform = await import('@x/crypto');
  const software = await loadSoftwareCore();
  assert.is.not(software.sha256, platform.sha256);
  assert.is(
    software.encodeHex(software.digest(software.sha256, 'abc')),
    platform.encodeHex(platform.digest(platform.sha256, 'abc')),
  );
  assert.type(process.getBuiltinModule, 'function');
  const { getBuiltinModule } = process;
  let asked = 0;
  const countAsking = (): void => {
    asked += 1;
  };
  Object.assign(process, { getBuiltinModule: countAsking });
  try {
    software.hmac(software.sha1, 'key', 'data');
  } finally {
    Object.assign(process, { getBuiltinModule });
  }
  assert.is(asked, 0, 'the choice was made while there was no platform');
});

bench('a bundle carries only the digest that it names', async () => {
  const one = await sizeOf(['sha1', 'hmac'], '@x/crypto');
  const two = await sizeOf(['sha1', 'sha512', 'hmac'], '@x/crypto');
  assert.ok(one.gzip < two.gzip);
});

bench('a bundle for Node leaves out what it is told to', async () => {
  const script = { folder: tmpdir(), platform: 'node', contents: `module.exports = require('not-there');` } as const;
  const { minified } = await sizeOfBuild({ ...script, external: ['not-there'] });
  assert.ok(minified > 0);
});

bench('scripts are timed in processes of their own, and one that fails is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'x-bench-'));
  const dayMs = 86_400_000;
  // by the clock of its own process it takes two days, then three, then one
  const days = `
    const { appendFileSync, readFileSync } = require('node:fs');
    appendFileSync(__dirname + '/runs', '.');
    const days = [2, 3, 1][readFileSync(__dirname + '/runs').length - 1];
    const now = performance.now.bind(performance);
    performance.now = () => now() + days * ${dayMs};`;
  try {
    const [ms = 0, none = 0] = startMs(
      [
        { folder, file: 'days.cjs', code: days },
        { folder, file: 'none.mjs', code: '' },
      ],
      3,
    );
    assert.is(Math.floor(ms / dayMs), 2, `${ms}`);
    assert.ok(none > 0 && none < dayMs, `${none}`);
    const broken = { folder, file: 'broken.cjs', code: `throw new Error('on purpose');` };
    assert.throws(() => startMs([broken], 1), /broken\.cjs did not start.*on purpose/s);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

bench.run();
