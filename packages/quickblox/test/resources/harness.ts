import { ContractError } from '@x/http';
import { rejects } from '@x/testing';
import type { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createQuickBlox, type QuickBloxClient } from '../../src/index.ts';
import { anna, createRig, type Rig } from '../harness.ts';

type Suite = ReturnType<typeof suite>;

/** A function of a resource, called; lists are gone through to their end. */
export type Ask = (client: QuickBloxClient) => Promise<unknown> | AsyncIterable<unknown>;

/** One function: what it is called with, what it sends, what it is answered and what it makes of that. */
export interface Row {
  readonly ask: Ask;
  /** `GET /users.json?page=1`, exactly. */
  readonly sends: string;
  /** The body as JSON, or the text of a form. */
  readonly body?: unknown;
  /** JSON; text goes as it is. Absent: an empty body. */
  readonly answer?: unknown;
  /** Default the answer itself. */
  readonly gives?: unknown;
}

/** What was sent, read back from the bytes. */
interface Sent {
  readonly request: string;
  readonly body: unknown;
}

/** A client whose every request is answered in the same way and kept. */
export function recordingClient(answer: unknown): { readonly client: QuickBloxClient; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const { client } = createQuickBlox({
    applicationId: 1,
    apiKey: 'key_test',
    retry: { limit: 0 },
    async fetch(input, init) {
      const request = new Request(input, init);
      const { origin } = new URL(request.url);
      const text = await request.text();
      const isJson = request.headers.get('content-type') === 'application/json';
      sent.push({
        request: `${request.method} ${request.url.slice(origin.length)}`,
        body: isJson ? JSON.parse(text) : text === '' ? undefined : text,
      });
      return new Response(typeof answer === 'string' ? answer : answer === undefined ? null : JSON.stringify(answer));
    },
  }).server();
  return { client, sent };
}

/** Waits for a promise, or goes through a list and gives its items. */
export async function settle(asked: Promise<unknown> | AsyncIterable<unknown>): Promise<unknown> {
  if (asked instanceof Promise) return asked;
  const items: unknown[] = [];
  for await (const item of asked) items.push(item);
  return items;
}

/** Tests that each function sends exactly these bytes and makes this of the answer. */
export function testRows(test: Suite, rows: readonly Row[]): void {
  for (const row of rows) {
    const { ask, sends, body, answer } = row;
    const gives = 'gives' in row ? row.gives : answer;
    test(`sends ${sends}`, async () => {
      const { client, sent } = recordingClient(answer);
      const given = await settle(ask(client));
      assert.equal(sent, [{ request: sends, body }]);
      assert.equal(given, gives);
    });
  }
}

/** Answers that are of no documented shape. */
const hostile: readonly unknown[] = ['<html>', 'null', '[]', '{}', '7', '{"items":{}}', '{"items":[null]}', '[[]]'];

/** Tests that none of these takes an answer for what it is not. */
export function testHostile(test: Suite, asks: Readonly<Record<string, Ask>>): void {
  for (const [name, ask] of Object.entries(asks)) {
    test(`${name} refuses answers of another shape`, async () => {
      for (const answer of hostile) {
        await rejects(settle(ask(recordingClient(answer).client)), ContractError, 'http.contract-broken');
      }
    });
  }
}

/** A rig, and a client for each kind of caller. */
export interface Clients extends Rig {
  readonly anna: QuickBloxClient;
  readonly otto: QuickBloxClient;
  /** A session of the application. */
  readonly application: QuickBloxClient;
  /** The API key with the application's rights. */
  readonly key: QuickBloxClient;
}

export function createClients(options: Parameters<typeof createRig>[0] = {}): Clients {
  const rig = createRig(options);
  return {
    ...rig,
    anna: rig.quickblox.session(anna).client,
    otto: rig.quickblox.server({ onBehalfOf: 8 }).client,
    application: rig.quickblox.session().client,
    key: rig.quickblox.server().client,
  };
}
