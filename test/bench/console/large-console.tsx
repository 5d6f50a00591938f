/** The console over the large world, as a process of its own. Its folder is its only argument. */
import path from 'node:path';
import { runConsole } from '../../../screens/run.tsx';
import { largeWorld } from './large-world.ts';

const folder = process.argv[2] ?? '.';
const world = largeWorld();
const leaving = await runConsole({
  herder: world.then(({ herder }) => herder),
  kafka: world.then(({ kafka }) => kafka),
  contextName: 'large',
  isReadOnly: false,
  isProtected: false,
  atEnd: async () => undefined,
  configFolder: folder,
  actionLogFile: path.join(folder, 'actions.ndjson'),
});
process.exit(leaving.code);
