const name = 'UsageError';

/** Makes the error of a command line that cannot be carried out as it is written. */
export function usageError(message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** Whether an error says that the command line is wrong, which options that are refused at construction say too. */
export function isUsageError(error: unknown): error is Error {
  return error instanceof TypeError || error instanceof RangeError || (error instanceof Error && error.name === name);
}
