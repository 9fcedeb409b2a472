import type { AdminScope } from '../../domain/operators/role.ts';
import type { ConsoleLink } from '../page-data/console-frame.ts';

/** The screens of the console in the order of its menu, each with the scope that is required to view it. */
const SCREENS: readonly (ConsoleLink & { scope: AdminScope })[] = [
  { name: 'today', path: '/console', icon: 'chart', scope: 'admin:overview:read' },
  { name: 'accounts', path: '/console/accounts', icon: 'person', scope: 'admin:accounts:read' },
  { name: 'clients', path: '/console/clients', icon: 'apps', scope: 'admin:clients:read' },
  { name: 'partners', path: '/console/partners', icon: 'link', scope: 'admin:clients:read' },
  { name: 'upstream', path: '/console/upstream', icon: 'enter', scope: 'admin:upstream:read' },
  { name: 'webhooks', path: '/console/webhooks', icon: 'leave', scope: 'admin:webhooks:write' },
  { name: 'audit', path: '/console/audit', icon: 'list', scope: 'admin:audit:read' },
  { name: 'trace', path: '/console/trace', icon: 'search', scope: 'admin:audit:read' },
  { name: 'receipts', path: '/console/receipts', icon: 'receipt', scope: 'admin:audit:read' },
  { name: 'messages', path: '/console/messages', icon: 'mail', scope: 'admin:messages:read' },
  { name: 'settings', path: '/console/settings', icon: 'computer', scope: 'admin:overview:read' },
  { name: 'operators', path: '/console/operators', icon: 'key', scope: 'admin:operators:write' },
];

/** The screens that an operator can open. */
export const navigationOf = (scopes: ReadonlySet<string>): readonly ConsoleLink[] =>
  SCREENS.filter(({ scope }) => scopes.has(scope)).map(({ name, path, icon }) => ({ name, path, icon }));
