import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leaveOut } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundle } from '../src/bundle.ts';
import { resultMark, runSuite } from '../src/run-suite.ts';
import { readResult } from '../src/runtimes.ts';
import { checks } from '../src/suite.ts';

const here = suite('runtimes · this one');

for (const { name, run } of checks) here(name, run);

here('the result counts every check', () => {
  assert.equal(runSuite(), { passed: checks.length, failures: [] });
});

here('a runtime that prints no result has failed', () => {
  assert.is(readResult('some words').passed, 0);
  assert.match(readResult('some words').failures.join(), /no result: some words/);
});

here.run();

const executablePath = '/usr/bin/chromium';
/** A browser that needs longer hangs. */
const patienceMs = 300_000;

if (existsSync(executablePath)) {
  const browser = suite('runtimes · Chromium');
  browser('passes the same suite', async () => {
    const { chromium } = await import('playwright-core');
    const folder = mkdtempSync(join(tmpdir(), 'x-runtimes-'));
    const page = await chromium.launch({
      executablePath,
      timeout: patienceMs,
      args: [
        ...['--no-sandbox', '--disable-quic', '--disable-background-networking'],
        ...['--disable-component-update', '--disable-sync'],
      ],
    });
    try {
      const code = readFileSync(await bundle('console', folder), 'utf8');
      const tab = await page.newPage();
      tab.setDefaultTimeout(patienceMs);
      const [printed] = await Promise.all([
        tab.waitForEvent('console', (message) => message.text().includes(resultMark)),
        tab.addScriptTag({ type: 'module', content: code }),
      ]);
      assert.equal(readResult(printed.text()), { passed: checks.length, failures: [] });
    } finally {
      await page.close();
      rmSync(folder, { recursive: true });
    }
  });
  browser.run();
} else {
  leaveOut('the suite in a browser', `${executablePath} is not installed`);
}
