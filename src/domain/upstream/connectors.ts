import { apple } from './apple.ts';
import type { Connector, UpstreamKind, UpstreamSettings } from './connector.ts';
import { type FacebookDeps, facebook } from './facebook.ts';
import { google } from './google.ts';
import { line } from './line.ts';
import { oidc } from './oidc.ts';

const CONNECTORS: Readonly<
  Record<UpstreamKind, (settings: UpstreamSettings, deps: FacebookDeps) => Connector>
> = { apple, facebook, google, line, oidc };

/** The connector for the kind of a provider. */
export const connectorOf = (settings: UpstreamSettings, deps: FacebookDeps): Connector =>
  CONNECTORS[settings.kind](settings, deps);
