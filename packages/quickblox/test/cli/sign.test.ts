import { createHmac } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { property } from '@x/testing';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { damaged } from '../signature/damaged.ts';
import vectors from '../vectors/signature.json' with { type: 'json' };
import { cli } from './harness.ts';

const sign = suite('quickblox · cli · sign');
const secret = 'YYXAU8BEYBfv0Fn';
const env = { QUICKBLOX_AUTH_SECRET: secret };
const v1 = ['application_id=716730', 'auth_key=bbfeCwWtz8dqF4F', 'nonce=33432', 'timestamp=1572434294'];
const v1Signature = 'be6e49d06389a59d8846edf04789bcd7ada23eb8';
const hidden = /YYXAU8BEYBfv0Fn|amigo30pass|bbfeCwWtz8dqF4F/;
const folder = mkdtempSync(join(tmpdir(), 'quickblox-cli-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

for (const { name, parameters, sha1, sha256, normalized, ...vector } of vectors) {
  sign(`signs ${name} as the vectors have it, and shows the text when it is asked to`, async () => {
    const given = parameters as unknown as Record<string, string>;
    const argv = Object.entries(given).map((pair) => pair.join('='));
    const known = { env: { QUICKBLOX_AUTH_SECRET: vector.secret } };
    for (const [hash, expected] of [
      ['sha1', sha1],
      ['sha256', sha256],
    ] as const) {
      const { code, stdout } = await cli(['sign', ...argv, '--hash', hash, '--json'], known);
      const told = JSON.parse(stdout);
      assert.equal([code, told.signature, told.hash, told.findings], [0, expected, hash, []]);
      assert.not.ok('fits' in told || 'body' in told || 'signed' in told);
    }
    const clear = JSON.parse((await cli(['sign', ...argv, '--show-secrets', '--json'], known)).stdout);
    assert.is(clear.signed, normalized);
    assert.equal(Object.fromEntries(new URLSearchParams(clear.body)), { ...given, signature: sha1 });
  });
}

sign('tells what is signed and how, in words and without secrets', async () => {
  const { code, stdout, stderr } = await cli(['sign', ...v1], { env });
  assert.is(code, 0);
  assert.match(stdout, /^text +application_id=716730&auth_key=\[redacted\]&nonce=33432&timestamp=1572434294$/m);
  assert.match(stdout, /^computed +HMAC-SHA-1 /m);
  assert.match(stdout, new RegExp(`^signature +${v1Signature}$`, 'm'));
  assert.not.match(stdout + stderr, hidden);
  assert.is(stderr, '');
});

sign('fills in what is missing, and says so', async () => {
  const more = { ...env, QUICKBLOX_APPLICATION_ID: '716730', QUICKBLOX_AUTH_KEY: 'bbfeCwWtz8dqF4F' };
  const { code, stdout, stderr } = await cli(['sign', '--show-secrets', '--json'], { env: more });
  const { signed, signature, findings } = JSON.parse(stdout);
  assert.match(signed, /^application_id=716730&auth_key=bbfeCwWtz8dqF4F&nonce=\d{1,10}&timestamp=\d{10}$/);
  assert.is(signature, createHmac('sha1', secret).update(signed).digest('hex'));
  assert.equal([code, findings, stderr], [0, [], 'filled in: application_id, auth_key, nonce, timestamp\n']);
});

sign('warns of a password or secret on the command line, without repeating it', async () => {
  const { stderr } = await cli(['sign', ...v1, 'user[password]=amigo30pass', '--secret', secret]);
  assert.match(stderr, /warning: A password or token on the command line/);
  assert.match(stderr, /warning: --secret shows the authorization secret/);
  assert.not.match(stderr, hidden);
});

sign('takes the secret from a pipe, and asks for it at a terminal without echo', async () => {
  for (const given of [{ input: `${secret}\n` }, { typed: [`${secret}\r`] }]) {
    const argv = 'input' in given ? ['--secret', '-'] : [];
    const { stdout, stderr } = await cli(['sign', ...v1, ...argv], given);
    assert.match(stdout, new RegExp(v1Signature));
    assert.not.match(stdout + stderr, hidden);
  }
});

sign('checks a signature, and explains one that does not fit', async () => {
  const good = await cli(['sign', ...v1, '--check', v1Signature], { env });
  assert.is(good.code, 0);
  assert.match(good.stdout, /^verdict +the signature fits$/m);
  const bad = await cli(['sign', ...v1, '--check', '6521e3798b9134f5efc7628241b70f0654606a99', '--json'], { env });
  const { fits, findings, signature } = JSON.parse(bad.stdout);
  assert.equal([bad.code, fits, signature], [1, false, undefined]);
  assert.equal(
    findings.map(({ mistake }: { mistake: string }) => mistake),
    ['times-corrupted', 'markdown-escaped'],
  );
});

sign('reads a body from a file or a pipe, form or JSON, and checks its own signature', async () => {
  const form = `${v1.join('&')}&signature=${v1Signature}`;
  const json = JSON.stringify(Object.fromEntries(new URLSearchParams(form)));
  for (const body of [form, `${form}\n`, json]) {
    assert.is((await cli(['sign', '--body', file('body', body)], { env })).code, 0);
    assert.is((await cli(['sign', '--body', '-'], { env, input: body })).code, 0);
  }
  const changed = await cli(['sign', '--body', '-'], { env, input: form.replace('33432', '33433') });
  assert.is(changed.code, 1);
  assert.match(changed.stdout, /^verdict +the signature does not fit$/m);
  assert.match(changed.stdout, /^mistake +No known mistake explains/m);
});

sign('holds the signed text against what was sent', async () => {
  const signed = file('signed', v1.join('&').replace('33432', '1'));
  const { code, stdout } = await cli(['sign', ...v1, '--signed', signed], { env });
  assert.is(code, 1);
  assert.match(stdout, /^mistake +nonce: A parameter was signed with another value than is sent/m);
  const alone = await cli(['sign', '--signed', file('text', v1.join('&').replace('&timestamp', '×tamp'))], { env });
  assert.is(alone.code, 1);
  assert.match(alone.stdout, /×tamp where &timestamp is meant/);
});

sign('judges a signed text without a signature, alone or against what was sent', async () => {
  const right = file('right', v1.join('&'));
  for (const argv of [
    ['--signed', right],
    [...v1, '--signed', right],
  ]) {
    const { code, stdout } = await cli(['sign', ...argv], { env });
    assert.is(code, 0);
    assert.match(stdout, /^verdict +the signed text is right$/m);
    assert.not.match(stdout, /^mistake/m);
    const told = JSON.parse((await cli(['sign', ...argv, '--json'], { env })).stdout);
    assert.equal(['fits' in told, told.findings], [false, []]);
  }
  const wrong = await cli(['sign', '--signed', file('wrong', v1.join('\n'))], { env });
  assert.is(wrong.code, 1);
  assert.match(wrong.stdout, /^verdict +the signed text, or its request, is wrong$/m);
  const unreadable = await cli(['sign', '--signed', file('long', 'a'.repeat(20_000))], { env });
  assert.is(unreadable.code, 1);
  assert.match(unreadable.stdout, /^verdict +the request cannot be read$/m);
});

sign('takes the line break at the end of a file for the file’s own, unless it was signed', async () => {
  const hmac = (text: string): string => createHmac('sha1', secret).update(text).digest('hex');
  const right = v1.join('&');
  const encoded = `${right}&user[login]=a%2Bb&user[password]=amigo30pass`;
  const sent = (signature: string): string => file('sent', `${encoded}&signature=${signature}\n`);
  const found = async (...argv: string[]): Promise<string[]> =>
    JSON.parse((await cli(['sign', ...argv, '--json'], { env })).stdout).findings.map(
      ({ mistake }: { mistake: string }) => mistake,
    );
  for (const end of ['', '\n', '\r\n']) {
    const argv = ['--signed', file('signed', `${encoded}${end}`)];
    assert.equal(await found(...argv, '--body', sent(hmac(encoded))), ['values-encoded']);
    assert.is((await cli(['sign', '--signed', file('right', `${right}${end}`)], { env })).code, 0);
    assert.equal(await found('--signed', file('right', `${right}${end}`), '--check', '0'.repeat(40)), [
      'signature-of-other-text',
    ]);
    if (end === '') continue;
    const signature = hmac(`${right}${end}`);
    assert.equal(await found('--signed', file('right', `${right}${end}`), '--check', signature), ['newline-added']);
  }
});

sign('checks a text with its signature, as before a request is sent', async () => {
  const text = file('text', v1.join('&'));
  const good = await cli(['sign', '--signed', text, '--check', v1Signature], { env });
  assert.is(good.code, 0);
  assert.match(good.stdout, /^verdict +the signature fits$/m);
  const bad = await cli(['sign', '--signed', text, '--check', '0'.repeat(40)], { env });
  assert.is(bad.code, 1);
  assert.match(bad.stdout, /^verdict +the signature does not fit$/m);
});

sign('reads what PowerShell writes, and the body of a whole request', async () => {
  const body = `${v1.join('&')}&signature=${v1Signature}`;
  const head = 'POST /session.json HTTP/1.1\r\nHost: api.quickblox.com\r\nContent-Length: 115\r\n\r\n';
  const little = Buffer.from(`\ufeff${body}\r\n`, 'utf16le');
  for (const [name, bytes] of [
    ['utf-8', Buffer.from(`\ufeff${body}`)],
    ['utf-16le', little],
    ['utf-16be', Buffer.from(little).swap16()],
    ['whole', Buffer.from(head + body)],
    ['whole, with line breaks of Unix', Buffer.from(`${head}${body}\n`.replaceAll('\r', ''))],
  ] as const) {
    writeFileSync(join(folder, 'body'), bytes);
    const { code, stdout } = await cli(['sign', '--body', join(folder, 'body')], { env });
    assert.is(code, 0, name);
    assert.match(stdout, /^verdict +the signature fits$/m, name);
  }
});

sign('takes nothing for a mistake of the pipe, not for something to be signed', async () => {
  for (const input of ['', ' \r\n', 'POST /session.json HTTP/1.1\r\nHost: a\r\n', 'POST /session.json HTTP/1.1\n\n']) {
    for (const argv of [
      ['--body', '-'],
      ['--signed', '-'],
      ['--signed', '-', ...v1],
    ]) {
      if (input.startsWith('POST') && argv[0] === '--signed') continue;
      const { code, stdout, stderr } = await cli(['sign', ...argv], { env, input });
      assert.equal([code, stdout], [2, ''], JSON.stringify([input, argv]));
      assert.match(stderr, /There is nothing in the file, or nothing was piped in\./);
    }
  }
  const { code, stdout, stderr } = await cli(['sign', ...v1, '--check', ''], { env });
  assert.equal([code, stdout], [2, ''], 'a variable that is not set must not pass for a signature that is right');
  assert.match(stderr, /--check is empty/);
});

sign('takes an empty variable for none', async () => {
  const empty = { ...env, QUICKBLOX_APPLICATION_ID: '', QUICKBLOX_AUTH_KEY: '' };
  const { code, stderr } = await cli(['sign'], { env: empty });
  assert.equal([code, stderr], [0, 'filled in: nonce, timestamp\n']);
});

sign('tells a body that cannot be read', async () => {
  const { code, stdout } = await cli(['sign', '--body', '-', '--show-secrets'], { env, input: '{"a":' });
  assert.is(code, 1);
  assert.match(stdout, /^mistake +The body is neither a form nor JSON/m);
  assert.match(stdout, /^verdict +the request cannot be read$/m);
  assert.not.match(stdout, /^text|^computed|every parameter/m, 'of what there is none');
});

sign('shows secrets of a signed text alone, and a body as it was written', async () => {
  const text = `${v1.join('&')}&user[login]=amigo30&user[password]=amigo30pass`;
  const alone = await cli(['sign', '--signed', '-', '--show-secrets', '--json'], { env, input: `${text}\n` });
  assert.is(JSON.parse(alone.stdout).signed, text);
  const body = JSON.stringify({ nonce: 33432, user: { login: 'amigo30', password: 'amigo30pass' } });
  const json = await cli(['sign', '--body', '-', '--show-secrets', '--json'], { env, input: body });
  const { signature, ...sent } = JSON.parse(JSON.parse(json.stdout).body);
  assert.equal(sent, { nonce: '33432', user: { login: 'amigo30', password: 'amigo30pass' } });
  assert.is(signature, JSON.parse(json.stdout).signature);
});

for (const [what, argv, text, surroundings] of [
  ['a parameter without a value', ['amigo30pass'], /NAME=VALUE/, { env }],
  ['a parameter twice', ['a=1', 'a=2'], /given twice/, { env }],
  ['parameters and a body', ['a=1', '--body', '-'], /not from both/, { env }],
  ['two things from one pipe', ['--body', '-', '--secret', '-'], /one thing only/, {}],
  ['a file that is not there', ['--body', '/nowhere/amigo30pass'], /could not be read \(ENOENT\)/, { env }],
  ['an unknown hash', ['--hash', 'md5'], /--hash must be sha1 or sha256/, { env }],
  ['an unknown option', ['--amigo30pass'], /does not know/, { env }],
  ['an option without its value', ['--check'], /lacks its value/, { env }],
  ['no secret and nobody to ask', ['a=1'], /put it into QUICKBLOX_AUTH_SECRET/, {}],
  ['an empty secret', ['a=1', '--secret', '-'], /is empty/, { input: '\n' }],
  ['a person who gives none', ['a=1'], /was not given/, { typed: [] }],
] as const) {
  sign(`answers 2 to ${what}, and repeats nothing of it`, async () => {
    const { code, stdout, stderr } = await cli(['sign', ...argv], surroundings);
    assert.equal([code, stdout], [2, '']);
    assert.match(stderr, text);
    assert.match(stderr, /See npx @x\/quickblox sign --help/);
    assert.not.match(stderr, hidden);
  });
}

sign('stops asking when it is told to stop', async () => {
  const stop = new AbortController();
  const outcome = cli(['sign', 'a=1'], { typed: ['half a secret'], signal: stop.signal });
  setImmediate(() => setImmediate(() => stop.abort()));
  assert.is((await outcome).code, 2);
});

sign('explains itself', async () => {
  const { code, stdout } = await cli(['sign', '--help']);
  assert.is(code, 0);
  for (const option of ['--body', '--signed', '--check', '--hash', '--secret', '--show-secrets', '--json']) {
    assert.ok(stdout.includes(option), option);
  }
});

sign.run();

const properties = suite('quickblox · cli · sign · properties');

properties('writes no password, token or key, however the request was damaged', () =>
  property(
    fc.asyncProperty(damaged, damaged, fc.nat(3), fc.boolean(), async ({ text, parameters }, other, how, asJson) => {
      const given = Object.entries(parameters).filter(
        ([name]) => name !== '' && !/^-/.test(name) && !name.includes('='),
      );
      const argv = [
        ['--body', '-'],
        ['--signed', '-'],
        ['--body', '-', '--signed', file('damaged', other.text)],
        [...given.map((pair) => pair.join('=')), '--signed', '-'],
      ][how] as string[];
      const { code, stdout, stderr } = await cli(['sign', ...argv, ...(asJson ? ['--json'] : [])], {
        env,
        input: text,
      });
      assert.ok(code < 2 && stdout !== '', stderr);
      assert.not.match(stdout + stderr, /marker/i);
    }),
  ),
);

properties.run();
