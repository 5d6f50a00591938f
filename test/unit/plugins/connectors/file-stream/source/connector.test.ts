import { describe, expect, test } from 'vitest';
import { LogHub } from '../../../../../../src/base/log.ts';
import type { SourceOffset, SourcePartition } from '../../../../../../src/plugin-api/records.ts';
import { fileStreamSource } from '../../../../../../src/plugins/connectors/file-stream/source/index.ts';
import { validateAll } from '../../../../../../src/spec/validate.ts';

const context = {
  log: new LogHub(() => 0).log('test'),
  signal: new AbortController().signal,
  requestTaskReconfiguration: () => undefined,
  raiseError: () => undefined,
};

test('one task, with the configuration as it is', async () => {
  const config = { file: '/x', topic: 't', name: 'n', 'tasks.max': '7' };
  const connector = fileStreamSource.create();
  await connector.start(config, context);
  expect(await connector.taskConfigs(7)).toEqual([config]);
});

test('answers to validate have the original keys and faults; the own key is internal', () => {
  const rows = validateAll(fileStreamSource.spec, { 'batch.size': 'many' });
  expect([...rows.keys()]).toEqual(['file', 'topic', 'batch.size', 'max.line.bytes']);
  expect([...fileStreamSource.spec.keys.values()].filter((key) => key.internal).map((key) => key.name)).toEqual(['max.line.bytes']);
  expect(rows.get('file')).toMatchObject({ value: null, errors: [] });
  expect(rows.get('topic')?.errors).toEqual(['Missing required configuration "topic" which has no default value.']);
  expect(rows.get('batch.size')?.errors).toEqual(['Invalid value many for configuration batch.size: Not a number of type INT']);
  expect(validateAll(fileStreamSource.spec, { topic: '' }).get('topic')?.errors).toEqual([
    'Invalid value  for configuration topic: String must be non-empty',
  ]);
});

describe('alterOffsets', () => {
  const file = { filename: '/x' };
  const alter = (
    offsets: { partition: SourcePartition | null; offset: SourceOffset | null }[],
    config: Record<string, string> = { file: '/x' },
  ) => fileStreamSource.create().alterOffsets?.({ topic: 't', ...config }, offsets);

  test('takes positions and resets of anything', () => {
    expect(alter([{ partition: file, offset: { position: 3n } }])).toBe(true);
    expect(alter([{ partition: { filename: '/from/before' }, offset: { position: 0n } }])).toBe(true);
    expect(alter([{ partition: { garbage: 1n }, offset: null }])).toBe(true);
    expect(alter([{ partition: null, offset: null }])).toBe(true);
    expect(alter([])).toBe(true);
  });

  test.each([
    [file, { pos: 1n }, "Offset objects should either be null or contain the key 'position'"],
    [file, { position: 'a' }, "The value for the 'position' key in the offset is expected to be a Long value"],
    [file, { position: 1.5 }, "The value for the 'position' key in the offset is expected to be a Long value"],
    [file, { position: null }, "The value for the 'position' key in the offset is expected to be a Long value"],
    [file, { position: -1n }, "The value for the 'position' key in the offset should be a non-negative value"],
    [null, { position: 1n }, 'Partition objects cannot be null'],
    [{ x: 'y' }, { position: 1n }, "Partition objects should contain the key 'filename'"],
  ] as [SourcePartition | null, SourceOffset, string][])('refuses %o %o', (partition, offset, message) => {
    expect(() => alter([{ partition, offset }])).toThrow(message);
  });

  test.each([{}, { file: '' }])('refuses without a file: %o', (config) => {
    expect(() => fileStreamSource.create().alterOffsets?.({ topic: 't', ...config }, [])).toThrow(
      "Offsets cannot be modified if the 'file' configuration is unspecified. This is because stdin is used for input and offsets are not tracked.",
    );
  });
});
