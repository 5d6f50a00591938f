// npm test: everything, from a fresh clone. npm run check: the part without services (--checks).
// Last line: «N passed, N failed».
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endIfAsked, ensureInstalled, environment, inFront, node24, root, step } from './setup.mjs';

const isChecksOnly = process.argv.includes('--checks');
const filters = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
let passed = 0;
let failed = 0;
/** What failed, once more at the end: thousands of lines lie between a failure and the last line. */
const failures = [];
/** Programs and threads under test start from scratch hundreds of times: what they compile is kept for the next one. */
const compiled = mkdtempSync(path.join(tmpdir(), 'kconsole-compiled-'));
const env = { ...environment, NODE_COMPILE_CACHE: compiled };
process.on('exit', () => rmSync(compiled, { recursive: true, force: true, maxRetries: 5 }));

/** Gives the exit code. */
async function stream(command, args) {
  const code = await inFront(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env });
  endIfAsked();
  return code;
}

async function single(title, command, args) {
  process.stdout.write(`\n── ${title}\n`);
  if ((await stream(command, args)) === 0) passed++;
  else {
    failed++;
    failures.push(title);
  }
}

/** Runs one vitest project and adds its figures; a run that breaks without a report counts as one failure. */
async function suite(project) {
  process.stdout.write(`\n── tests: ${project}\n`);
  const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-test-'));
  const report = path.join(folder, 'report.json');
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const code = await stream(node24, [
    vitest,
    'run',
    '--config',
    'test/vitest.config.ts',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...filters,
  ]);
  try {
    const figures = JSON.parse(readFileSync(report, 'utf8'));
    passed += figures.numPassedTests;
    // A test that did not run has not passed: skipped and pending ones count against the run.
    failed +=
      figures.numFailedTests +
      figures.numPendingTests +
      figures.numTodoTests +
      (figures.testResults ?? []).filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
    if (code !== 0 && figures.success) {
      failed++;
      failures.push(`${project}: ended with ${code}, though every test passed`);
    }
    for (const file of figures.testResults ?? []) {
      const name = path.relative(root, file.name);
      if (file.status === 'failed' && file.assertionResults.length === 0) failures.push(`${name}: ${file.message}`);
      for (const test of file.assertionResults) {
        if (test.status !== 'passed') {
          failures.push(`${name} > ${test.fullName} (${test.status})\n${test.failureMessages.join('\n')}`);
        }
      }
    }
  } catch (error) {
    failed++;
    failures.push(`${project}: no report (${error instanceof Error ? error.message : error})`);
  }
  rmSync(folder, { recursive: true, force: true });
}

const startedMs = Date.now();
try {
  await ensureInstalled();
  const bin = (name) => path.join(root, 'node_modules', '.bin', name);
  await single('types', bin('tsc'), ['-p', '.']);
  await single('lint', bin('biome'), ['check', '--error-on-warnings', '.']);
  await suite('checks');
  if (!isChecksOnly) {
    await step('build', async () => (await import('./build.mjs')).build());
    await suite('services');
  }
} catch (error) {
  failures.push(error instanceof Error ? error.message : String(error));
  failed++;
}
for (const failure of failures) process.stdout.write(`\nFAILED ${failure}\n`);
process.stdout.write(`\n${((Date.now() - startedMs) / 1000).toFixed(0)} s\n${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
