import * as v from 'valibot';

/** What an assistant answers. */
export interface AiAnswer {
  readonly answer: string;
}

/** Reads the body of `ai_answer_assist`, `ai_translate` and `ai_gateway`. @see QuickBlox fact sheet §8. */
export const AiAnswer: v.GenericSchema<AiAnswer> = v.looseObject({ answer: v.string() });

/** What an assistant makes of a dialog. */
export interface AiSummary {
  readonly summary: string;
}

/** Reads the body of `ai_summarize`. */
export const AiSummary: v.GenericSchema<AiSummary> = v.looseObject({ summary: v.string() });
