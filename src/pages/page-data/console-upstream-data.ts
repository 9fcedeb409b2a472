import type { TestCheck } from '../../domain/upstream/connection-test.ts';
import type { UpstreamKind } from '../../domain/upstream/connector.ts';
import type { ConsoleFrame } from './console-frame.ts';
import type { UpstreamField } from './form.ts';

interface ShownProvider {
  id: string;
  kind: UpstreamKind;
  name: { th: string; en: string };
  /** Providers in the configuration file cannot be changed here. */
  isInFile: boolean;
  /** The redirect URI to register at the provider. */
  redirectUri: string;
}

/** The fields of a provider's form. They never include a secret. */
export type UpstreamFields = Readonly<Record<UpstreamField, string>>;

export interface ConsoleUpstreamData extends ConsoleFrame {
  providers: readonly ShownProvider[];
}

export interface ShownCheck {
  label: TestCheck['name'];
  outcome: 'ok' | NonNullable<TestCheck['reason']>;
}

interface UpstreamForm extends ConsoleFrame {
  /** The fields for a provider of this kind, in order. */
  formFields: readonly UpstreamField[];
  typed: UpstreamFields;
  /** The results of a test of the connection. Undefined before a test. */
  checks: readonly ShownCheck[] | undefined;
  /** A secret was typed. The page does not repeat it. */
  secretTyped: boolean;
}

export interface ConsoleUpstreamNewData extends UpstreamForm {
  /** Undefined until a kind is chosen. */
  kind: UpstreamKind | undefined;
}

export interface ConsoleUpstreamProviderData extends UpstreamForm, ShownProvider {
  /** The version of the provider from which the form was created. */
  version: string;
}
