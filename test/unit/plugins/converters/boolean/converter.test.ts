import { test } from 'vitest';
import { booleanConverter } from '../../../../../src/plugins/converters/boolean/index.ts';
import { BOOLEAN_SCHEMA, OPTIONAL_BOOLEAN_SCHEMA, STRING_SCHEMA } from '../../../../../src/record/schema-builder.ts';
import { converterContract } from '../../../../contracts/converter-contract.ts';
import { expectAsOnTheJvm } from '../simple-converters.ts';

test('as on the JVM', () => expectAsOnTheJvm('Boolean', booleanConverter));

converterContract({
  plugin: booleanConverter,
  nullSchema: OPTIONAL_BOOLEAN_SCHEMA,
  samples: [true, false].map((value) => ({ schema: OPTIONAL_BOOLEAN_SCHEMA, value })),
  wrong: [
    { schema: STRING_SCHEMA, value: 'true', message: 'Invalid schema type for BooleanConverter: STRING' },
    { schema: BOOLEAN_SCHEMA, value: 'true', message: 'BooleanConverter is not compatible with objects of type class java.lang.String' },
  ],
});
