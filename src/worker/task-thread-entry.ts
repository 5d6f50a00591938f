/** Entry of a task thread; the bundle has it as `task-thread.js`. */
import { catalog } from '../plugins/catalog.ts';
import { runTaskThread } from './run-task-thread.ts';

runTaskThread(catalog);
