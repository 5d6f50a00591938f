/** What a policy for client overrides is to the runtime. Source: ConnectorClientConfigOverridePolicy, ConnectorClientConfigRequest. */
import type { ConfigDef } from '../spec/config-def.ts';
import type { Config } from './plugin.ts';

/** The settings that a connector wants for one of its Kafka clients. */
export interface OverrideRequest {
  /** Name of the connector; empty when a configuration without a name is validated. */
  readonly connector: string;
  /** Full class name. */
  readonly connectorClass: string;
  readonly clientType: 'producer' | 'consumer' | 'admin';
  /** Names without `producer.override.` and the like, references to config providers resolved. May be empty. */
  readonly clientProperties: Readonly<Record<string, string | null>>;
}

export interface RefusedOverride {
  /** As in `clientProperties`. */
  readonly key: string;
  /** Why, for the operator; without values. */
  readonly reason: string;
}

export interface ClientOverridePolicy {
  /** Asked when a configuration is validated and when its connector starts. An empty list allows everything. */
  validate(request: OverrideRequest): readonly RefusedOverride[] | Promise<readonly RefusedOverride[]>;
}

export interface OverridePolicyPlugin {
  readonly kind: 'override_policy';
  readonly className: string;
  readonly version: string;
  /** Folder of the package of plugin.path that it is from. */
  readonly location: string;
  readonly spec: ConfigDef;
  /** `config`: the worker's settings `connector.client.config.override.policy.…` without their prefix, as `spec` takes them. */
  create(config: Config): ClientOverridePolicy;
}
