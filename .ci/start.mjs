// npm start: from a fresh clone to the demo on the screen.
import path from 'node:path';
import { ensureBuilt, ensureInstalled, inFront, node24, root } from './setup.mjs';

try {
  await ensureInstalled();
  await ensureBuilt();
  // The channel tells the demo when this process is gone, even by SIGKILL (src/cli/signals.ts).
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
  process.exit(await inFront(node24, [path.join(root, 'dist', 'main.js'), 'demo', ...process.argv.slice(2)], { stdio }));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
