// npm run bench: our worker beside Apache Kafka's on the same brokers (test/bench/bench.ts).
import path from 'node:path';
import { ensureBuilt, ensureInstalled, environment, inFront, node24, root } from './setup.mjs';

await ensureInstalled();
await ensureBuilt();
process.exit(await inFront(node24, [path.join(root, 'test', 'bench', 'bench.ts'), ...process.argv.slice(2)], { env: environment }));
