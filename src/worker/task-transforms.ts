/** The transforms that a connector's configuration names, with their predicates. Source: ConnectorConfig.transformationStages. */
import { ConfigError, ConnectError, javaClassOf, messageOf } from '../base/errors.ts';
import { type ChainStep, TransformationChain } from '../pipeline/chain.ts';
import { conditional } from '../pipeline/conditional.ts';
import type { Config, Predicate } from '../plugin-api/plugin.ts';
import type { Catalog } from '../plugins/catalog.ts';
import { parseType } from '../spec/parse.ts';

/** Keys of a transform that are the framework's, not its own. */
const PREDICATE = 'predicate';
const NEGATE = 'negate';

/** Throws ConnectError, as the JVM does, with the fault as its cause. */
export function taskTransforms(config: Config, catalog: Catalog): TransformationChain {
  const aliases = parseType({ name: 'transforms', type: 'LIST' }, config.transforms ?? '');
  const steps: ChainStep[] = [];
  try {
    for (const alias of Array.isArray(aliases) ? (aliases as string[]) : []) steps.push(step(alias, config, catalog));
    return new TransformationChain(steps);
  } catch (error) {
    for (const { transformation } of steps) transformation.close?.();
    throw new ConnectError(`${javaClassOf(error)}: ${messageOf(error)}`, { cause: error });
  }
}

function step(alias: string, config: Config, catalog: Catalog): ChainStep {
  const prefix = `transforms.${alias}.`;
  const { [PREDICATE]: predicateAlias, [NEGATE]: negate, ...own } = below(prefix, config);
  const plugin = catalog.transformation(typeOf(prefix, config));
  const transformation = plugin.create(own);
  const { className } = plugin;
  if (predicateAlias === undefined) return { alias, className, transformation };
  const isNegated = negate !== undefined && parseType({ name: NEGATE, type: 'BOOLEAN' }, negate) === true;
  return { alias, className, transformation: conditional(transformation, predicateOf(predicateAlias, config, catalog), isNegated) };
}

function predicateOf(alias: string, config: Config, catalog: Catalog): Predicate {
  const prefix = `predicates.${alias}.`;
  return catalog.predicate(typeOf(prefix, config)).create(below(prefix, config));
}

function typeOf(prefix: string, config: Config): string {
  const type = config[`${prefix}type`];
  if (type === undefined) throw new ConfigError(`Unknown configuration '${prefix}type'`);
  return type.trim();
}

/** Settings under a prefix, without it. */
function below(prefix: string, config: Config): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}
