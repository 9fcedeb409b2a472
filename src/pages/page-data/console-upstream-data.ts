import type { TestCheck } from '../../domain/upstream/connection-test.ts';
import type { UpstreamKind } from '../../domain/upstream/connector.ts';
import type { ConsoleFrame } from './console-frame.ts';
import type { UpstreamField } from './form.ts';

interface ShownProvider {
  id: string;
  kind: UpstreamKind;
  name: { th: string; en: string };
  /** Those of the configuration file are not changed here. */
  isInFile: boolean;
  /** To be registered at the provider. */
  redirectUri: string;
}

/** The fields of a provider's form; a secret is never among them. */
export type UpstreamFields = Readonly<Record<UpstreamField, string>>;

export interface ConsoleUpstreamData extends ConsoleFrame {
  providers: readonly ShownProvider[];
}

export interface ShownCheck {
  label: TestCheck['name'];
  outcome: 'ok' | NonNullable<TestCheck['reason']>;
}

interface UpstreamForm extends ConsoleFrame {
  /** The fields that a provider of this kind has, in their order. */
  formFields: readonly UpstreamField[];
  typed: UpstreamFields;
  /** What a test of the connection found; undefined until there was one. */
  checks: readonly ShownCheck[] | undefined;
  /** A secret was typed, which the page does not repeat. */
  secretTyped: boolean;
}

export interface ConsoleUpstreamNewData extends UpstreamForm {
  /** Undefined until one is chosen. */
  kind: UpstreamKind | undefined;
}

export interface ConsoleUpstreamProviderData extends UpstreamForm, ShownProvider {
  /** Of what the form was made from. */
  version: string;
}
