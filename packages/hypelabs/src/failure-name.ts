const maxDepth = 5;

/** Names a failure by its code or its class. Its message may quote a token or a request, so nobody is told. */
export function nameFailure(error: unknown): string {
  try {
    const { code, name } = Object(error) as { code?: unknown; name?: unknown };
    const known = [code, name].find((text) => typeof text === 'string' && /^[A-Za-z][\w.-]{0,63}$/.test(text));
    return typeof known === 'string' ? known : 'Error';
  } catch {
    return 'Error'; // what was thrown may be as broken as what threw it
  }
}

/** Keeps of a failure what {@link nameFailure} tells of it and of its causes: `TypeError: ECONNREFUSED`. */
export function withoutMessages(error: unknown): Error {
  const names: string[] = [];
  for (let cause = error; cause instanceof Error && names.length < maxDepth; cause = cause.cause) {
    names.push(nameFailure(cause));
  }
  const kept = new Error(names.slice(1).join(': ') || 'no message is kept');
  const [name = nameFailure(error)] = names;
  kept.name = name;
  kept.stack = `${name}: ${kept.message}`;
  return kept;
}
