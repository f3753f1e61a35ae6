import { withFolder } from './install.ts';
import { type GetToken, ourContenders, peerContenders, type RenewalContender } from './renewal-peers.ts';
import { reportTarget } from './report.ts';
import { lifetimeSeconds, openRotatingAuthority, type RotatingAuthority } from './rotating-authority.ts';

const callers = 10;

/** What came of ten callers who need a token at the same time. */
export interface Renewed {
  readonly renewals: number;
  /** Callers who got no token, or one that is not accepted. */
  readonly stranded: number;
}

/** Ten callers, one expired access token, one refresh token that counts once: what each library does. */
export async function benchRenewals(): Promise<void> {
  console.log(
    `\n${callers} concurrent callers with an expired token, at a server that takes a reused refresh token for theft`,
  );
  const columns = ['renewals', 'left without', 'at the next', 'left without'].map((title) => title.padStart(14));
  console.log(`  ${'library'.padEnd(32)}${'renewal'.padEnd(34)}${columns.join('')}`);
  const authority = await openRotatingAuthority();
  try {
    await withFolder(async (folder) => {
      for (const contender of await peerContenders(folder)) await report(contender, authority);
    });
    for (const contender of ourContenders()) {
      for (const { renewals, stranded } of await report(contender, authority)) {
        reportTarget('one renewal', renewals, renewals === 1);
        reportTarget('nobody left without a token', stranded, stranded === 0);
      }
    }
  } finally {
    await authority.close();
  }
}

async function report(contender: RenewalContender, authority: RotatingAuthority): Promise<readonly Renewed[]> {
  const rounds = await tryRenewals(contender, authority);
  const cells = rounds.flatMap(({ renewals, stranded }) => [String(renewals), `${stranded} of ${callers}`]);
  const columns = cells.map((cell) => cell.padStart(14));
  console.log(`  ${contender.name.padEnd(32)}${contender.facility.padEnd(34)}${columns.join('')}`);
  return rounds;
}

/**
 * Lets ten callers ask at once, looks at what they have when all have ended, and does so again when that has expired.
 *
 * @param letPass Lets so many milliseconds pass; default by waiting for them.
 */
export async function tryRenewals(
  contender: RenewalContender,
  authority: RotatingAuthority,
  letPass: (ms: number) => unknown = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Promise<readonly [first: Renewed, next: Renewed]> {
  const getToken = await contender.begin(authority.grant(), authority.url);
  const first = await ask(getToken, authority);
  await letPass(lifetimeSeconds * 1100);
  return [first, await ask(getToken, authority)];
}

async function ask(getToken: GetToken, authority: RotatingAuthority): Promise<Renewed> {
  const before = authority.renewals();
  const outcomes = await Promise.allSettled(Array.from({ length: callers }, () => getToken()));
  const tokens = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : undefined));
  const stranded = tokens.filter((token) => !authority.accepts(token)).length;
  return { renewals: authority.renewals() - before, stranded };
}
