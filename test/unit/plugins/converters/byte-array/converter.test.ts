import { test } from 'vitest';
import { byteArrayConverter } from '../../../../../src/plugins/converters/byte-array/index.ts';
import { OPTIONAL_BYTES_SCHEMA, STRING_SCHEMA } from '../../../../../src/record/schema-builder.ts';
import { converterContract } from '../../../../contracts/converter-contract.ts';
import { expectAsOnTheJvm } from '../simple-converters.ts';

test('as on the JVM', () => expectAsOnTheJvm('ByteArray', byteArrayConverter));

converterContract({
  plugin: byteArrayConverter,
  nullSchema: OPTIONAL_BYTES_SCHEMA,
  samples: [new Uint8Array(), Uint8Array.of(0, 1, 255)].map((value) => ({ schema: OPTIONAL_BYTES_SCHEMA, value })),
  wrong: [
    { schema: STRING_SCHEMA, value: 'x', message: 'Invalid schema type for ByteArrayConverter: STRING' },
    { schema: null, value: 'x', message: 'ByteArrayConverter is not compatible with objects of type class java.lang.String' },
  ],
});
