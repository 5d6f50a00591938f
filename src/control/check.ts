/** Why a Connect REST API cannot be used, or that it can: name, port, TLS, login, and whether it is Connect at all. */
import { ConfigError, messageOf } from '../base/errors.ts';
import { type CheckStep, checkName, checkPort, checkTls, failed, ok, STEP_MS } from '../base/reach.ts';
import { type RestAnswer, RestClient } from './rest-client.ts';

const HOW_TO_TRUST = 'name its CA in the environment: NODE_EXTRA_CA_CERTS=/path/of/ca.pem';

/** Steps as they are done, for each address. Never throws. */
export async function* checkConnect(urls: readonly string[]): AsyncGenerator<CheckStep> {
  for (const url of urls) yield* checkOne(url);
}

async function* checkOne(text: string): AsyncGenerator<CheckStep> {
  let client: RestClient;
  try {
    client = new RestClient([text], { connectTimeoutMs: STEP_MS, readTimeoutMs: 2 * STEP_MS });
  } catch (error) {
    yield failed(`address ${text}`, error instanceof ConfigError ? error.message : messageOf(error), 'write it like http://host:8083');
    return;
  }
  try {
    const address = client.addresses[0]!;
    const url = new URL(address);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
    for (const step of [
      () => checkName(host),
      () => checkPort(host, port),
      ...(url.protocol === 'https:' ? [() => checkTls(host, port, {}, HOW_TO_TRUST)] : []),
    ]) {
      const done = await step();
      if (done === null) continue;
      yield done;
      if (done.outcome === 'failed') return;
    }
    yield await checkAnswer(client, address);
  } finally {
    client.close();
  }
}

async function checkAnswer(client: RestClient, address: string): Promise<CheckStep> {
  const what = `Connect ${address}`;
  let answer: RestAnswer;
  try {
    answer = await client.request('GET', '/');
  } catch (error) {
    const isTls = /EPROTO|wrong version|socket hang up|Parse Error/i.test(messageOf(error));
    return failed(
      what,
      reasonIn(messageOf(error)),
      isTls ? 'this port may speak https: write https://…' : 'check that this is the port of the REST API',
    );
  }
  if (answer.status === 401 || answer.status === 403)
    return failed(
      what,
      `wants a login (HTTP ${answer.status})`,
      'write user and password into the address: http://user:password@host:8083',
    );
  const facts = serverFacts(answer.text);
  if (answer.status !== 200 || facts === null)
    return failed(
      what,
      `answers, and is no Connect worker (HTTP ${answer.status}${kindOf(answer)})`,
      'check the port; 8083 is usual for Connect',
    );
  const cluster = facts.kafka_cluster_id ? ` on the Kafka cluster ${facts.kafka_cluster_id}` : '';
  try {
    const connectors = await client.request('GET', '/connectors');
    if (connectors.status === 200) {
      const count = (JSON.parse(connectors.text) as unknown[]).length;
      return ok(what, `Connect ${facts.version}${cluster}, ${count} ${count === 1 ? 'connector' : 'connectors'}`);
    }
    return {
      what,
      outcome: 'warn',
      answer: `Connect ${facts.version}; its list of connectors is refused (HTTP ${connectors.status})`,
      advice: null,
    };
  } catch (error) {
    return {
      what,
      outcome: 'warn',
      answer: `Connect ${facts.version}; its list of connectors does not come: ${messageOf(error)}`,
      advice: null,
    };
  }
}

/** What the client says of its one address. */
function reasonIn(message: string): string {
  return message.replace(/^No Connect worker answers\. \S+: /, '').replace(/\. Check the address.*$/, '');
}

function serverFacts(text: string): { readonly version: string; readonly kafka_cluster_id?: string } | null {
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    if (typeof value?.version !== 'string' || typeof value.commit !== 'string') return null;
    return { version: value.version, ...(typeof value.kafka_cluster_id === 'string' ? { kafka_cluster_id: value.kafka_cluster_id } : {}) };
  } catch {
    return null;
  }
}

function kindOf({ headers, text }: RestAnswer): string {
  const server = headers.server ? `, ${headers.server}` : '';
  const title = /<title>([^<]{1,60})/i.exec(text)?.[1];
  return `${server}${title ? `, "${title.trim()}"` : ''}`;
}
