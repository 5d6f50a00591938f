import { keyAndValue } from '../shared/record-side.ts';
import { spec } from './spec.ts';
import { Cast } from './transform.ts';

export const cast = keyAndValue('Cast', spec, (config, side) => new Cast(spec.parse(config), side));
