import { assertWellFormed } from './text.ts';

const redacted = '[redacted]';
// Registered, so that a secret from another installed copy of this package is known too.
const brand: unique symbol = Symbol.for('@x/crypto.Secret');
// Defined on each instance: computed class members do not compile here, and patching the prototype afterwards would
// be a side effect that keeps the class in every bundle.
const hidden: PropertyDescriptorMap = /* @__PURE__ */ (() => ({
  [brand]: { value: true },
  [Symbol.for('nodejs.util.inspect.custom')]: { value: () => redacted },
  [Symbol.for('Deno.customInspect')]: { value: () => redacted },
}))();

/**
 * Keeps a text out of logs: whatever prints, joins, serialises or inspects a secret gets `[redacted]`.
 *
 * The text leaves only through {@link Secret.reveal}; to compare secrets, give them to `constantTimeEqual`. It protects against carelessness, not against code in the
 * same process: a debugger or a heap snapshot still finds it.
 */
export class Secret {
  readonly #text: string;

  /**
   * @throws {TypeError} When the value is not text, or empty: an empty secret is a missing setting. Also for
   *   `[redacted]`, which is what is left of a secret that was stored without {@link Secret.reveal}.
   * @throws {RangeError} When the text holds a lone surrogate and so has no bytes to sign or send.
   */
  constructor(text: string) {
    if (typeof text !== 'string' || text === '') throw new TypeError('a secret must be text that is not empty');
    if (text === redacted)
      throw new TypeError(`a secret must be the text itself, not the ${redacted} of a printed one`);
    assertWellFormed(text);
    this.#text = text;
    Object.defineProperties(this, hidden);
    Object.freeze(this);
  }

  /** The text itself, for the one place that signs or sends it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [Symbol.toPrimitive](): string {
    return redacted;
  }
}

/**
 * Wraps a text, and passes a secret through.
 *
 * @throws {TypeError} When the value is neither, or a text that {@link Secret} refuses.
 * @throws {RangeError} When the text holds a lone surrogate.
 */
export function toSecret(value: string | Secret): Secret {
  if (value instanceof Secret) return value;
  return new Secret(isSecret(value) ? (value as Secret).reveal() : value);
}

/** Whether the value is a secret, of this or of another installed copy of the package. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && brand in value;
}
