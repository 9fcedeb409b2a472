import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { hrTimeToMilliseconds, W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

export interface Traces {
  /** The spans that have ended since the last `reset`, in the order of their start. */
  spans(): ReadableSpan[];
  reset(): void;
  /** Ends tracing: servers that are composed afterwards are not traced. */
  end(): Promise<void>;
}

/** Registers an SDK that keeps all spans in memory, for servers that are composed afterwards. */
export function collectTraces(): Traces {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return {
    spans: () =>
      exporter
        .getFinishedSpans()
        .toSorted(
          (one, other) => hrTimeToMilliseconds(one.startTime) - hrTimeToMilliseconds(other.startTime),
        ),
    reset: () => exporter.reset(),
    async end() {
      trace.disable();
      propagation.disable();
      context.disable();
      await provider.shutdown();
    },
  };
}

export const idOf = (span: ReadableSpan): string => span.spanContext().spanId;
export const parentIdOf = (span: ReadableSpan): string | undefined => span.parentSpanContext?.spanId;

/** All data of a span, for searching. */
export const textOf = ({ name, attributes, events, status, links }: ReadableSpan): string =>
  JSON.stringify({ name, attributes, events, status, links });

/** The spans as trees, one line each, with milliseconds: `12.3 ms    POST /oauth/token`. */
export function treesOf(spans: readonly ReadableSpan[]): string[] {
  const ids = new Set(spans.map(idOf));
  const below = (parent: string | undefined, depth: number): string[] =>
    spans
      .filter((span) =>
        parent === undefined ? !ids.has(parentIdOf(span) ?? '') : parentIdOf(span) === parent,
      )
      .flatMap((span) => [
        `${hrTimeToMilliseconds(span.duration).toFixed(1).padStart(8)} ms ${'  '.repeat(depth)}${span.name}`,
        ...below(idOf(span), depth + 1),
      ]);
  return below(undefined, 0);
}
