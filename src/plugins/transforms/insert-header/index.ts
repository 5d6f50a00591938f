import { transformation } from '../shared/record-side.ts';
import { spec } from './spec.ts';
import { InsertHeader } from './transform.ts';

export const insertHeader = transformation('InsertHeader', spec, (config) => new InsertHeader(spec.parse(config)));
