import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe } from 'vitest';
import { LogHub } from '../../../../src/base/log.ts';
import { ConnectorOffsetStore } from '../../../../src/storage/offset/connector-offsets.ts';
import { FileOffsetStore } from '../../../../src/storage/offset/file.ts';
import { MemoryOffsetStore } from '../../../../src/storage/offset/memory.ts';
import type { OffsetStore } from '../../../../src/storage/offset/port.ts';
import { offsetStoreContract } from '../../../contracts/offset-store-contract.ts';
import { kafkaOffsetStore, MemoryTopics } from '../../../helpers/memory-topics.ts';

async function started<S extends OffsetStore>(store: S): Promise<S> {
  await store.start();
  return store;
}

describe('offsets in memory', () => {
  offsetStoreContract(() => new MemoryOffsetStore());
});

describe('offsets in a file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-offsets-'));
  const file = path.join(folder, 'connect.offsets');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  offsetStoreContract(
    () => new FileOffsetStore(file),
    () => started(new FileOffsetStore(file)),
  );
});

describe('offsets in a topic that lies in memory', () => {
  const topics = new MemoryTopics();
  offsetStoreContract(
    () => kafkaOffsetStore(topics).store,
    () => started(kafkaOffsetStore(topics).store),
  );
});

describe('offsets of a connector with a store of its own', () => {
  const log = new LogHub(() => 0).log('test');
  offsetStoreContract(() => new ConnectorOffsetStore({ own: new MemoryOffsetStore(), worker: new MemoryOffsetStore(), log }));
});
