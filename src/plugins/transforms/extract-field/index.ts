import { keyAndValue } from '../shared/record-side.ts';
import { spec } from './spec.ts';
import { ExtractField } from './transform.ts';

export const extractField = keyAndValue('ExtractField', spec, (config, side) => new ExtractField(spec.parse(config), side));
