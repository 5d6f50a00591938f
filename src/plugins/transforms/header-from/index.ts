import { keyAndValue } from '../shared/record-side.ts';
import { spec } from './spec.ts';
import { HeaderFrom } from './transform.ts';

export const headerFrom = keyAndValue('HeaderFrom', spec, (config, side) => new HeaderFrom(spec.parse(config), side));
