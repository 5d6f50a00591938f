// npm run bench: our worker beside Apache Kafka's on the same brokers (test/bench/bench.ts).
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, environment, node24, root } from './setup.mjs';

await ensureInstalled();
await ensureBuilt();
spawn(node24, [path.join(root, 'test', 'bench', 'bench.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: root,
  env: environment,
}).on('exit', (code) => process.exit(code ?? 1));
