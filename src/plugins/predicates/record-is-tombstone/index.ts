/** Holds for records whose value is null. Source: org.apache.kafka.connect.transforms.predicates.RecordIsTombstone. */
import { defineSpec } from '../../../spec/define.ts';
import { predicate } from '../shared/predicate.ts';

export const recordIsTombstone = predicate('RecordIsTombstone', defineSpec({}), () => ({ test: (record) => record.value === null }));
