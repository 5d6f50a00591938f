/** Which versions of which messages a broker speaks, and which features the cluster has switched on (finalized). */
import { defineMessage } from '../codec.ts';
import { array, int16, int32, int64, since, string, tagged } from '../field.ts';

export const apiVersionsMessage = defineMessage({
  name: 'ApiVersions',
  apiKey: 18,
  versions: [0, 3],
  flexibleFrom: 3,
  request: { clientSoftwareName: since(3, string), clientSoftwareVersion: since(3, string) },
  reply: {
    errorCode: int16,
    apiKeys: array({ apiKey: int16, minVersion: int16, maxVersion: int16 }),
    throttleTimeMs: since(1, int32),
    supportedFeatures: tagged(0, array({ name: string, minVersion: int16, maxVersion: int16 })),
    finalizedFeaturesEpoch: tagged(1, int64),
    finalizedFeatures: tagged(2, array({ name: string, maxVersionLevel: int16, minVersionLevel: int16 })),
  },
});
