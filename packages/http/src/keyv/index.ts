export { type KeyvLike, type KeyvStoreOptions, keyvStore } from './keyv-store.ts';
