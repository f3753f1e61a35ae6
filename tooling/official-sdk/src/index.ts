export { createSignWithSdk, type SignedMessage, type SignWithSdk } from './sdk-signing.ts';
export { type Observation, situations } from './side-by-side.ts';
