/** A new connector as one step; its undo takes it away again while nobody has changed it. */
import { maskConfig } from '../base/mask.ts';
import { type ConnectorConfig, configHash } from './config-steps.ts';
import { isGone, pathOf } from './connector-steps.ts';
import type { Step } from './step.ts';

export interface NewConnector {
  readonly name: string;
  readonly config: ConnectorConfig;
  readonly passwordKeys: ReadonlySet<string>;
  readonly isStopped: boolean;
}

export function createStep({ name, config, passwordKeys, isStopped }: NewConnector): Step {
  return {
    action: 'connector.create',
    connector: name,
    title: `create ${name}`,
    request: `POST /connectors ${JSON.stringify(maskConfig(config, passwordKeys))}`,
    change: null,
    before: null,
    call: async ({ herder }) => {
      const { info } = await herder.putConnectorConfig(name, config, {
        allowReplace: false,
        ...(isStopped ? { initialState: 'STOPPED' as const } : {}),
      });
      const afterHash = configHash(info.config);
      return {
        after: JSON.stringify(maskConfig(info.config, passwordKeys)),
        undo: {
          title: `delete ${name}, which was just created`,
          target: name,
          refusal: async () => {
            if (await isGone(herder, name)) return `${name} is not there any more`;
            return configHash(await herder.connectorConfig(name)) === afterHash ? null : `the config of ${name} was changed since`;
          },
          run: (undoBy) =>
            undoBy({
              action: 'connector.delete',
              connector: name,
              title: `delete ${name}`,
              request: `DELETE ${pathOf(name)}`,
              change: { wanted: 'DELETED', restarted: null },
              before: null,
              call: async () => {
                await herder.deleteConnector(name);
                return { after: null, undo: null };
              },
            }),
        },
      };
    },
  };
}
