// npm run bench: our worker beside Apache Kafka's on the same brokers (test/bench/bench.ts). npm run bench -- NAME …: test/bench/NAME.ts (kafka, …).
import path from 'node:path';
import { ensureBuilt, ensureInstalled, environment, inFront, node24, root } from './setup.mjs';

const [first = '', ...others] = process.argv.slice(2);
const [name, options] = /^[a-z]/.test(first) ? [first, others] : ['bench', process.argv.slice(2)];
await ensureInstalled();
await ensureBuilt();
process.exit(await inFront(node24, [path.join(root, 'test', 'bench', `${name}.ts`), ...options], { env: environment }));
