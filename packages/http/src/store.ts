export { type MemoryStoreOptions, memoryStore } from './memory-store.ts';
export { type SealedStoreOptions, sealedStore, type UnreadableValue } from './sealed-store.ts';
export type { UnreadableReason } from './sealed-value.ts';
export type { Store, StoreWriteOptions } from './store-contract.ts';
export { storeKey } from './store-key.ts';
export {
  type RefusableKeys,
  type StoreCase,
  type StoreFacility,
  type StoreUnderTest,
  type TestStoreOptions,
  testStore,
} from './test-store.ts';
