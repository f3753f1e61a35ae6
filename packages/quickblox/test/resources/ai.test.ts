import { ResponseError } from '@x/http';
import { rejects } from '@x/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { aiAnswerAssist, aiGateway, aiSummarize, aiTranslate } from '../../src/resources/ai.ts';
import { createMessage } from '../../src/resources/messages.ts';
import { createClients, testHostile, testRows } from './harness.ts';

const assistant = { smart_chat_assistant_id: '65d5f3473d5d68095462165d' };
const question = { ...assistant, message: 'Who?', history: [{ role: 'user', message: 'Hi' }] } as const;
const translation = { ...assistant, text: 'Hola!', to_language: 'en' };
const conversation = { ...assistant, messages: [{ role: 'user', content: 'Hi' }] };
const dialog = { ...assistant, dialog_id: '65d5f3473d5d68095462166a' };
const answer = { answer: 'Hello!', usage: { tokens: 3 } };

const requests = suite('quickblox · AI extensions · requests');

testRows(requests, [
  {
    ask: (client) => aiAnswerAssist(client, question),
    sends: 'POST /ai/ai_extensions/ai_answer_assist',
    body: question,
    answer,
  },
  {
    ask: (client) => aiTranslate(client, translation),
    sends: 'POST /ai/ai_extensions/ai_translate',
    body: translation,
    answer,
  },
  {
    ask: (client) => aiGateway(client, conversation),
    sends: 'POST /ai/ai_extensions/ai_gateway',
    body: conversation,
    answer,
  },
  {
    ask: (client) => aiSummarize(client, dialog),
    sends: 'POST /ai/ai_extensions/ai_summarize',
    body: dialog,
    answer: { summary: 'Chat is empty.', usage: 1 },
  },
]);

testHostile(requests, {
  aiAnswerAssist: (client) => aiAnswerAssist(client, question),
  aiTranslate: (client) => aiTranslate(client, translation),
  aiGateway: (client) => aiGateway(client, conversation),
  aiSummarize: (client) => aiSummarize(client, dialog),
});

requests.run();

const assistants = suite('quickblox · AI extensions · against the emulator');

assistants('answer what they are asked', async () => {
  const { anna, application } = createClients();
  assert.match((await aiAnswerAssist(anna, question)).answer, /Who\?/);
  assert.match((await aiTranslate(application, translation)).answer, /Hola!/);
  assert.match((await aiGateway(anna, conversation)).answer, /1 messages/);
  await rejects(aiSummarize(anna, dialog), ResponseError, 'http.not-found');
  const { chat_dialog_id: dialog_id } = await createMessage(anna, { recipient_id: 8 });
  assert.match((await aiSummarize(anna, { ...assistant, dialog_id })).summary, /1 messages/);
  await rejects(aiTranslate(anna, { text: 'a', to_language: 'b' } as never), ResponseError, 'http.rejected');
});

assistants('are off where the dashboard has not enabled them', async () => {
  const { anna } = createClients({ settings: { aiExtensions: 'disabled' } });
  await rejects(aiGateway(anna, conversation), ResponseError, 'quickblox.feature-disabled');
});

assistants.run();
