import { describe } from 'vitest';
import { MemoryConfigStore } from '../../../../src/storage/config/memory.ts';
import { configStoreContract } from '../../../contracts/config-store-contract.ts';
import { kafkaConfigStore, MemoryTopics } from '../../../helpers/memory-topics.ts';

describe('configurations in memory', () => {
  configStoreContract(() => new MemoryConfigStore());
});

describe('configurations in a topic that lies in memory', () => {
  configStoreContract(() => kafkaConfigStore(new MemoryTopics()).store);
});
