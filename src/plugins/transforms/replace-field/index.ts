import { keyAndValue } from '../shared/record-side.ts';
import { spec } from './spec.ts';
import { ReplaceField } from './transform.ts';

export const replaceField = keyAndValue('ReplaceField', spec, (config, side) => new ReplaceField(spec.parse(config), side));
