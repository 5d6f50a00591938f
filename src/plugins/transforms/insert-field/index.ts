import { keyAndValue } from '../shared/record-side.ts';
import { spec } from './spec.ts';
import { InsertField } from './transform.ts';

export const insertField = keyAndValue('InsertField', spec, (config, side) => new InsertField(spec.parse(config), side));
