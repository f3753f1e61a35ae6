import { redactCause } from './redact.ts';
import type { StandardSchema } from './standard-schema.ts';

/**
 * Keeps what is wrong with a schema apart from what is wrong with the answer that it looks at.
 *
 * @param reader The name of the reader that was given the schema.
 * @param onMistake Told what validating rejects with where the schema throws, which may quote the answer and is redacted.
 * @throws {TypeError} For what is no Standard Schema.
 */
export function guardSchema(schema: unknown, reader: string, onMistake: (mistake: TypeError) => void): StandardSchema {
  const name = `the schema given to ${reader}()`;
  const standard = (schema as StandardSchema | null)?.['~standard'];
  if (typeof standard?.validate !== 'function') {
    throw new TypeError(`${name} must follow the Standard Schema specification`);
  }
  const validate = async (value: unknown): Promise<Awaited<ReturnType<typeof standard.validate>>> => {
    let said = 'threw';
    try {
      const result = await standard.validate(value);
      if (typeof result === 'object' && result !== null) return result;
      said = 'gave nothing';
      throw result;
    } catch (error) {
      const mistake = new TypeError(`${name} ${said}, expected a result`, { cause: redactCause(error) });
      onMistake(mistake);
      throw mistake;
    }
  };
  return { '~standard': { ...standard, validate } };
}
