import type { EmulatorRoute } from '@x/http/emulator';
import { type Answer, bareError } from './answers.ts';
import { textOf } from './body.ts';
import { createResourceRoutes, type HandleResource, type ResourceCall } from './resource-route.ts';
import type { EmulatorState } from './state.ts';

/**
 * `/ai/ai_extensions`: assistants that say what they were asked, and think nothing.
 *
 * Documented: the paths, JSON bodies, 405 when an extension is not enabled, what is said of an empty dialog
 * (QuickBlox fact sheet §8, and today's reference). The JavaScript SDK sends forms, which are taken too. Assumed: the
 * text of the refusal, and that the assistant's id is all that is checked of it.
 */
export function aiRoutes(state: EmulatorState, answer: Answer): EmulatorRoute[] {
  const { open } = createResourceRoutes(state, answer);

  const extension = (name: string, handle: HandleResource): EmulatorRoute =>
    open('POST', `/ai/ai_extensions/${name}`, (call) => {
      const { aiExtensions } = state.settings;
      if (!call.exchange.check('enabled', aiExtensions === 'enabled')) {
        return call.answer(405, bareError('AI extension is not enabled'));
      }
      const hasAssistant = textOf(call.body, 'smart_chat_assistant_id') !== undefined;
      if (!call.exchange.check('assistant', hasAssistant)) {
        return call.answer(400, bareError('smart_chat_assistant_id is required'));
      }
      return handle(call);
    });

  const echo =
    (member: string): HandleResource =>
    (call) =>
      call.answer(200, { answer: `Asked: ${textOf(call.body, member) ?? ''}` });

  const gateway: HandleResource = (call) => {
    const messages: unknown = call.body['messages'];
    return call.answer(200, { answer: `Asked: ${Array.isArray(messages) ? messages.length : 0} messages` });
  };

  const summarize = (call: ResourceCall): Response => {
    const { dialogs, messages } = call.application.resources;
    const dialogId = textOf(call.body, 'dialog_id') ?? '';
    if (!dialogs.has(dialogId)) return call.answer(404, bareError('Dialog not found'));
    const count = [...messages.values()].filter((message) => message.dialogId === dialogId).length;
    return call.answer(200, { summary: count === 0 ? 'Chat is empty.' : `A dialog of ${count} messages.` });
  };

  return [
    extension('ai_answer_assist', echo('message')),
    extension('ai_translate', echo('text')),
    extension('ai_gateway', gateway),
    extension('ai_summarize', summarize),
  ];
}
