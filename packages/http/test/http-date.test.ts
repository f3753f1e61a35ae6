import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseHttpDate } from '../src/http-date.ts';

const date = suite('http-date · parseHttpDate');

date('reads the example of RFC 9110 §5.6.7', () => {
  assert.is(parseHttpDate('Sun, 06 Nov 1994 08:49:37 GMT'), 784_111_777_000);
});

date('refuses what is not a date', () => {
  for (const text of ['', 'Sun', 'Sun, 99 Xxx 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT']) {
    assert.is(parseHttpDate(text), undefined, text);
  }
});

date.run();
