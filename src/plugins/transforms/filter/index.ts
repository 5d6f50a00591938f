/** Drops every record; a predicate says which ones it gets. Source: org.apache.kafka.connect.transforms.Filter. */
import { defineSpec } from '../../../spec/define.ts';
import { transformation } from '../shared/record-side.ts';

export const filter = transformation('Filter', defineSpec({}), () => ({ apply: () => null }));
