/** What only some views of a cluster need, and is asked for only while one of them is in sight. Each question fails alone. */
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type {
  AclBinding,
  Admin,
  ClientQuota,
  ConfigEntry,
  ConfigResource,
  EligibleReplicas,
  Features,
  Reassignment,
} from '../kafka/contract.ts';
import { ConnectGroupWatch, type WatchedConnectGroup } from './connect-group-watch.ts';

export interface DetailsDemand {
  /** All: `null` as names. */
  readonly eligibleOf: readonly string[] | null | 'none';
  readonly hasReassignments: boolean;
  readonly hasFeatures: boolean;
  readonly hasAcls: boolean;
  readonly hasQuotas: boolean;
  readonly settingsOf: ConfigResource | null;
  /** Groups that Connect's workers form. */
  readonly hasConnectGroups: boolean;
}

export const NO_DETAILS: DetailsDemand = {
  eligibleOf: 'none',
  hasReassignments: false,
  hasFeatures: false,
  hasAcls: false,
  hasQuotas: false,
  settingsOf: null,
  hasConnectGroups: false,
};

export interface Settings {
  readonly resource: ConfigResource;
  /** `null`: not answered yet. */
  readonly entries: readonly ConfigEntry[] | null;
  readonly error: string | null;
}

/** An answer and what went wrong with the last question; the answer before stays. */
export interface Asked<T> {
  readonly value: T | null;
  readonly error: string | null;
}

export interface ClusterDetails {
  readonly eligible: Asked<readonly EligibleReplicas[]>;
  readonly reassignments: Asked<readonly Reassignment[]>;
  /** By broker; one that does not answer has `null`. */
  readonly features: ReadonlyMap<number, Features | null>;
  readonly settings: Settings | null;
  /** The error holds SECURITY_DISABLED where the brokers have no authorizer. */
  readonly acls: Asked<readonly AclBinding[]>;
  readonly quotas: Asked<readonly ClientQuota[]>;
  readonly connectGroups: Asked<readonly WatchedConnectGroup[]>;
}

const NOTHING: Asked<never> = { value: null, error: null };
/** All partitions of a cluster are many pages. */
const ALL_ELIGIBLE_MS = 10_000;
/** What brokers can do changes when they are started anew. */
const FEATURES_MS = 30_000;
/** Rights and limits change when a person changes them. */
const ACCESS_MS = 15_000;

const UNKNOWN_DETAILS: ClusterDetails = {
  eligible: NOTHING,
  reassignments: NOTHING,
  features: new Map(),
  settings: null,
  acls: NOTHING,
  quotas: NOTHING,
  connectGroups: NOTHING,
};

export class DetailsReader {
  readonly #admin: Admin;
  readonly #clock: Clock;
  readonly #connectGroups: ConnectGroupWatch;
  #details: ClusterDetails = UNKNOWN_DETAILS;
  #featuresAtMs = Number.NEGATIVE_INFINITY;
  #allEligibleAtMs = Number.NEGATIVE_INFINITY;
  readonly #accessAtMs = { acls: Number.NEGATIVE_INFINITY, quotas: Number.NEGATIVE_INFINITY };

  constructor(admin: Admin, clock: Clock) {
    this.#admin = admin;
    this.#clock = clock;
    this.#connectGroups = new ConnectGroupWatch(admin, clock);
  }

  /** Frozen; the same object until something was asked. */
  get details(): ClusterDetails {
    return this.#details;
  }

  /** Never rejects: what went wrong stands beside what was known before. */
  async read(demand: DetailsDemand & { readonly featuresOf: readonly number[] }): Promise<void> {
    const { eligibleOf, hasReassignments, featuresOf, settingsOf, hasConnectGroups } = demand;
    const { settings } = this.#details;
    const isOther = settingsOf === null || settings?.resource.type !== settingsOf.type || settings.resource.name !== settingsOf.name;
    if (isOther && (settings !== null || settingsOf !== null))
      this.#set({ settings: settingsOf && { resource: settingsOf, entries: null, error: null } });
    await Promise.all([
      this.#readEligible(eligibleOf),
      hasReassignments ? this.#ask('reassignments', () => this.#admin.reassignments()) : null,
      hasConnectGroups ? this.#ask('connectGroups', () => this.#connectGroups.read()) : null,
      this.#readFeatures(featuresOf),
      this.#readAccess('acls', demand.hasAcls, () => this.#admin.acls()),
      this.#readAccess('quotas', demand.hasQuotas, () => this.#admin.quotas()),
      settingsOf && this.#readSettings(settingsOf),
    ]);
  }

  #set(change: Partial<ClusterDetails>): void {
    this.#details = { ...this.#details, ...change };
  }

  async #ask<K extends 'eligible' | 'reassignments' | 'acls' | 'quotas' | 'connectGroups'>(
    name: K,
    call: () => Promise<NonNullable<ClusterDetails[K]['value']>>,
  ): Promise<void> {
    try {
      this.#set({ [name]: { value: await call(), error: null } });
    } catch (error) {
      this.#set({ [name]: { value: this.#details[name].value, error: messageOf(error) } });
    }
  }

  /** Anew as soon as somebody looks again. */
  async #readAccess<K extends 'acls' | 'quotas'>(name: K, isWanted: boolean, call: () => Promise<NonNullable<ClusterDetails[K]['value']>>) {
    const nowMs = this.#clock.monoMs();
    if (!isWanted) this.#accessAtMs[name] = Number.NEGATIVE_INFINITY;
    else if (nowMs - this.#accessAtMs[name] >= ACCESS_MS) {
      this.#accessAtMs[name] = nowMs;
      await this.#ask(name, call);
    }
  }

  async #readEligible(names: DetailsDemand['eligibleOf']): Promise<void> {
    if (names === 'none') return;
    const nowMs = this.#clock.monoMs();
    if (names === null && nowMs - this.#allEligibleAtMs < ALL_ELIGIBLE_MS) return;
    this.#allEligibleAtMs = names === null ? nowMs : Number.NEGATIVE_INFINITY;
    await this.#ask('eligible', () => this.#admin.eligibleReplicas(names ?? undefined));
  }

  async #readFeatures(brokers: readonly number[]): Promise<void> {
    const { features } = this.#details;
    const nowMs = this.#clock.monoMs();
    const isDue = brokers.some((id) => !features.has(id)) || nowMs - this.#featuresAtMs > FEATURES_MS;
    if (brokers.length === 0 || !isDue) return;
    this.#featuresAtMs = nowMs;
    const answers = await Promise.all(brokers.map(async (id) => [id, await this.#admin.features(id).catch(() => null)] as const));
    this.#set({ features: new Map(answers) });
  }

  async #readSettings(resource: ConfigResource): Promise<void> {
    const keep = (change: Partial<Settings>) => {
      const now = this.#details.settings;
      // Another one may be in sight by now.
      if (now?.resource === resource || (now?.resource.type === resource.type && now.resource.name === resource.name))
        this.#set({ settings: { ...now, ...change } });
    };
    try {
      keep({ entries: await this.#admin.describeConfigs(resource), error: null });
    } catch (error) {
      keep({ error: messageOf(error) });
    }
  }
}
