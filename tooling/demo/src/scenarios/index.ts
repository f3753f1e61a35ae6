import type { Scenario } from '../scenario.ts';
import { hub } from './hub.ts';
import { hubrise } from './hubrise.ts';
import { hypelabs } from './hypelabs.ts';
import { nexudus } from './nexudus.ts';
import { quickblox } from './quickblox.ts';

/** The five, in the order they are shown. */
export const scenarios: readonly Scenario[] = [quickblox, hubrise, nexudus, hypelabs, hub];
