export { type MemoryStoreOptions, memoryStore } from './memory-store.ts';
export type { Store, StoreWriteOptions } from './store-contract.ts';
export { storeKey } from './store-key.ts';
