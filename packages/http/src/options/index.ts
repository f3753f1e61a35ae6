export type { StandardIssue, StandardSchema } from '../standard-schema.ts';
export { checkOptions } from './check-options.ts';
export { isStore } from './is-store.ts';
export { isSecretText, isTrimmedSecret, isVisibleSecretText } from './secret-text.ts';
export { isLoopback, isSecureUrl, readBaseUrl, readSecureUrl } from './secure-url.ts';
