/** Commit or abort of a transaction. From version 5 on the coordinator would give a new epoch with each (KIP-890, second part). */
import { defineMessage } from '../codec.ts';
import { bool, int16, int32, int64, string } from '../field.ts';

export const endTxnMessage = defineMessage({
  name: 'EndTxn',
  apiKey: 26,
  versions: [0, 4],
  flexibleFrom: 3,
  request: { transactionalId: string, producerId: int64, producerEpoch: int16, isCommit: bool },
  reply: { throttleTimeMs: int32, errorCode: int16 },
});
