import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { x } from '../src/index.ts';

const a = suite('a');
a('works', () => assert.is(x, 1));
a.run();
