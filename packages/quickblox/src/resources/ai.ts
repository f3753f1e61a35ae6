import { type CallOptions, type QuickBloxClient, toCall } from '../client.ts';
import { AiAnswer, AiSummary } from '../schemas/ai.ts';

/** Names the assistant, as in the dashboard. */
export interface AiAssistant {
  readonly smart_chat_assistant_id: string;
}

/** A message to be answered, and what was said before. */
export interface AiQuestion extends AiAssistant {
  readonly message: string;
  readonly history?: readonly { readonly role: 'user' | 'assistant'; readonly message: string }[] | undefined;
}

/** A text to be translated. */
export interface AiTranslation extends AiAssistant {
  readonly text: string;
  /** A language's code, `en`. */
  readonly to_language: string;
}

/** Messages in OpenAI's format. */
export interface AiConversation extends AiAssistant {
  readonly messages: readonly Readonly<Record<string, unknown>>[];
}

/** A dialog to be summed up. */
export interface AiDialog extends AiAssistant {
  readonly dialog_id: string;
}

/**
 * Drafts an answer to a message.
 *
 * @throws {ResponseError} `quickblox.feature-disabled` when the dashboard has not enabled it, as all of these.
 * @see QuickBlox fact sheet §8, as for all functions of AI extensions.
 */
export async function aiAnswerAssist(
  client: QuickBloxClient,
  question: AiQuestion,
  call: CallOptions = {},
): Promise<AiAnswer> {
  return client.post(path('ai_answer_assist'), { json: question, ...toCall(call) }).json(AiAnswer);
}

/** Translates a text. */
export async function aiTranslate(
  client: QuickBloxClient,
  translation: AiTranslation,
  call: CallOptions = {},
): Promise<AiAnswer> {
  return client.post(path('ai_translate'), { json: translation, ...toCall(call) }).json(AiAnswer);
}

/** Lets the assistant answer a conversation of text and images. */
export async function aiGateway(
  client: QuickBloxClient,
  conversation: AiConversation,
  call: CallOptions = {},
): Promise<AiAnswer> {
  return client.post(path('ai_gateway'), { json: conversation, ...toCall(call) }).json(AiAnswer);
}

/** Sums up the latest messages of a dialog. */
export async function aiSummarize(
  client: QuickBloxClient,
  dialog: AiDialog,
  call: CallOptions = {},
): Promise<AiSummary> {
  return client.post(path('ai_summarize'), { json: dialog, ...toCall(call) }).json(AiSummary);
}

function path(extension: string): string {
  return `ai/ai_extensions/${extension}`;
}
