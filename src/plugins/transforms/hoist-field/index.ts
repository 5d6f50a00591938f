import { keyAndValue } from '../shared/record-side.ts';
import { spec } from './spec.ts';
import { HoistField } from './transform.ts';

export const hoistField = keyAndValue('HoistField', spec, (config, side) => new HoistField(spec.parse(config), side));
