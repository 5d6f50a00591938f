import { keyAndValue } from '../shared/record-side.ts';
import { spec } from './spec.ts';
import { TimestampConverter } from './transform.ts';

export const timestampConverter = keyAndValue(
  'TimestampConverter',
  spec,
  (config, side) => new TimestampConverter(spec.parse(config), side),
);
