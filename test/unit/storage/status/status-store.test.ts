import { describe } from 'vitest';
import { MemoryStatusStore } from '../../../../src/storage/status/memory.ts';
import { statusStoreContract } from '../../../contracts/status-store-contract.ts';
import { kafkaStatusStore, MemoryTopics } from '../../../helpers/memory-topics.ts';

describe('states in memory', () => {
  statusStoreContract(() => new MemoryStatusStore());
});

describe('states in a topic that lies in memory', () => {
  statusStoreContract(() => kafkaStatusStore(new MemoryTopics()).store);
});
