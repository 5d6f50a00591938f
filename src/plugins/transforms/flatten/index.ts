import { keyAndValue } from '../shared/record-side.ts';
import { spec } from './spec.ts';
import { Flatten } from './transform.ts';

export const flatten = keyAndValue('Flatten', spec, (config, side) => new Flatten(spec.parse(config), side));
