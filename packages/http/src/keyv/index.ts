export { type KeyvLike, keyvStore } from './keyv-store.ts';
