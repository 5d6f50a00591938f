/** Entry of task threads that know the tests' connectors as well. */
import { runTaskThread } from '../../src/worker/run-task-thread.ts';
import { testCatalog } from './test-plugins.ts';

runTaskThread(testCatalog);
