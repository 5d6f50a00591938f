import { transformation } from '../shared/record-side.ts';
import { spec } from './spec.ts';
import { ValueToKey } from './transform.ts';

export const valueToKey = transformation('ValueToKey', spec, (config) => new ValueToKey(spec.parse(config)));
