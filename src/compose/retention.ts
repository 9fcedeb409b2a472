import { type Retention, retention } from '../domain/retention/retention.ts';
import type { Facts } from './facts.ts';
import type { DomainDeps, Foundation } from './foundation.ts';
import type { ComposedLifecycle } from './lifecycle.ts';

type Below = Pick<Facts, 'lastAccess' | 'outboxIn'> & Pick<ComposedLifecycle, 'lifecycleIn'>;

export const composeRetention = (
  { config, db }: Foundation,
  { lastAccess, outboxIn, lifecycleIn }: Below,
  { onRetention }: Pick<DomainDeps, 'onRetention'>,
): Retention =>
  retention({
    db,
    outbox: outboxIn,
    lifecycleIn,
    lastAccess,
    settings: config.retention,
    onRun: onRetention,
  });
