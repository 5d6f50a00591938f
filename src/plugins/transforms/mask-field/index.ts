import { keyAndValue } from '../shared/record-side.ts';
import { spec } from './spec.ts';
import { MaskField } from './transform.ts';

export const maskField = keyAndValue('MaskField', spec, (config, side) => new MaskField(spec.parse(config), side));
