import type { UpstreamProvider } from '../../domain/upstream/providers.ts';
import type { ShownProvider } from '../page-data/upstream-data.ts';

/** A provider as pages show it. */
export const shownProvider = ({ id, kind, name }: UpstreamProvider): ShownProvider => ({ id, kind, name });
