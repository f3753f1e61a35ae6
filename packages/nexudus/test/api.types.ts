import { createNexudus, type NexudusClient } from '../src/index.ts';

// Compiled and never run: what the types let through, and what they do not.

const { client } = createNexudus({ applicationKey: 'a', secret: 's' }).installation('t');
export const extended: NexudusClient = client.extend({ timeout: 5000 });
// @ts-expect-error an answer is no number
export const answer: number = client.get('sys/businesses');
// @ts-expect-error ky has no such method
export const missing: unknown = client.nonsense;
