import * as http from '@x/http';
import * as emulator from '@x/http/emulator';
import * as events from '@x/http/events';
import * as options from '@x/http/options';
import * as server from '@x/http/server';
import { leakCases } from '../../../../packages/http/test/leaks/cases.ts';
import { type LeakApi, runLeakCase } from '../../../../packages/http/test/leaks/kit.ts';
import { resultMark } from '../run-suite.ts';

// what is built here is declared once more in the sources, whose private fields are others to the compiler
const api = { http, emulator, events, options, server } as unknown as LeakApi;

const failures: string[] = [];
for (const one of leakCases) {
  const { seen, leaks } = await runLeakCase(api, one);
  if (leaks.length > 0) failures.push(`${one.name}: ${leaks.join('; ')}`);
  else if (seen !== one.expected) failures.push(`${one.name}: expected ${one.expected}, got ${seen}`);
}
console.log(resultMark + JSON.stringify({ passed: leakCases.length - failures.length, failures }));
