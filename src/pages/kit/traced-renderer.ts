import type { Tracing } from '../../lib/tracing.ts';
import type { PageRenderer } from './render.ts';

/** A span for each page, by its name. */
export const tracedRenderer = (renderer: PageRenderer, tracing: Tracing): PageRenderer => ({
  ...renderer,
  render: (page, ...rest) => tracing.childNow(`render ${page}`, {}, () => renderer.render(page, ...rest)),
});
