import type { Tracing } from '../../lib/tracing.ts';
import type { PageRenderer } from './render.ts';

/** Creates a span for each page, named after the page. */
export const tracedRenderer = (renderer: PageRenderer, tracing: Tracing): PageRenderer => ({
  ...renderer,
  render: (page, ...rest) => tracing.childNow(`render ${page}`, {}, () => renderer.render(page, ...rest)),
});
