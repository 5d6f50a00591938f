import { keyAndValue } from '../shared/record-side.ts';
import { spec } from './spec.ts';
import { SetSchemaMetadata } from './transform.ts';

export const setSchemaMetadata = keyAndValue('SetSchemaMetadata', spec, (config, side) => new SetSchemaMetadata(spec.parse(config), side));
