import {
  type Attributes,
  context,
  type Link,
  type ProxyTracerProvider,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { formatTraceparent, parseTraceparent } from './traceparent.ts';

/** What a span is given besides its name. No value may come from a caller or name a person. */
interface SpanSettings {
  kind?: SpanKind;
  attributes?: Attributes;
}

/** A span of a request, which ends when its answer is out. */
export interface RequestSpan {
  traceId: string;
  /** Runs work below the span. */
  run<T>(work: () => T): T;
  /** Gives it its name and status, and ends it. */
  end(ended: { name: string; attributes: Attributes; failed: boolean }): void;
}

/** Traces by OpenTelemetry. There is none unless an SDK was registered before the server was composed. */
export interface Tracing {
  /** Begins the span of a request; below the span of its caller, if its headers are given and say so. */
  request(name: string, headers: Readonly<Record<string, unknown>> | undefined): RequestSpan;
  /** A span below the current one. Without a current one, there is none: what nobody asked for is not traced. */
  child<T>(name: string, settings: SpanSettings, work: () => T | Promise<T>): Promise<T>;
  /** The same for work that ends at once. */
  childNow<T>(name: string, settings: SpanSettings, work: () => T): T;
  /** A trace of its own, linked to the one that `traceparent` names. */
  linked<T>(
    name: string,
    settings: SpanSettings & { traceparent: string | undefined },
    work: () => Promise<T>,
  ): Promise<T>;
  /** Runs what several requests share below none of their spans. */
  detached<T>(work: () => T): T;
  /** Marks a moment of the current span. */
  event(name: string): void;
  /** The current span as W3C Trace Context writes it; undefined without one. */
  traceparent(): string | undefined;
  /** Sends what is collected, for two seconds at most. Never rejects. */
  flush(): Promise<void>;
}

const FLUSH_MS = 2000;
/** A name, or an SQLSTATE. */
const SAFE_TYPE = /^(?:[A-Za-z][\w.]{0,63}|[0-9A-Z]{5})$/;

/** The short code of a failure. Its message may contain what a person has sent. */
function typeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  const found = [code, name].find((value) => typeof value === 'string' && SAFE_TYPE.test(value));
  return typeof found === 'string' ? found : '_OTHER';
}

function fail(span: Span, error: unknown): void {
  span.setAttribute('error.type', typeOf(error));
  span.setStatus({ code: SpanStatusCode.ERROR });
}

const within = <T>(span: Span, work: () => T): T => context.with(trace.setSpan(context.active(), span), work);

async function running<T>(span: Span, work: () => T | Promise<T>): Promise<T> {
  try {
    return await within(span, work);
  } catch (error) {
    fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** The provider that a preload has registered. */
const registered = (): { forceFlush?(): Promise<void> } | undefined => {
  const proxy = trace.getTracerProvider() as ProxyTracerProvider;
  // the proxy has no tracer to delegate to while nothing is registered
  return proxy.getDelegateTracer?.('pratu') ? (proxy.getDelegate() as object) : undefined;
};

/** Undefined while no SDK is registered. So what is composed without one makes no calls for spans at all. */
export function registeredTracing(version: string): Tracing | undefined {
  const provider = registered();
  if (!provider) return undefined;
  const tracer = trace.getTracer('pratu', version);

  return {
    request(name, headers) {
      const parent = headers ? propagation.extract(ROOT_CONTEXT, headers) : ROOT_CONTEXT;
      const span = tracer.startSpan(name, { kind: SpanKind.SERVER }, parent);
      const inside = trace.setSpan(parent, span);
      return {
        traceId: span.spanContext().traceId,
        run: (work) => context.with(inside, work),
        end({ name: known, attributes, failed }) {
          span.updateName(known);
          span.setAttributes(attributes);
          if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    child: async (name, settings, work) =>
      trace.getActiveSpan() ? running(tracer.startSpan(name, settings), work) : work(),
    childNow(name, settings, work) {
      if (!trace.getActiveSpan()) return work();
      const span = tracer.startSpan(name, settings);
      try {
        return within(span, work);
      } catch (error) {
        fail(span, error);
        throw error;
      } finally {
        span.end();
      }
    },
    linked(name, { traceparent, ...settings }, work) {
      const cause = traceparent === undefined ? undefined : parseTraceparent(traceparent);
      const links: Link[] = cause ? [{ context: cause }] : [];
      return running(tracer.startSpan(name, { ...settings, links, root: true }), work);
    },
    detached: (work) => context.with(ROOT_CONTEXT, work),
    event: (name) => void trace.getActiveSpan()?.addEvent(name),
    traceparent() {
      const span = trace.getActiveSpan();
      return span && formatTraceparent(span.spanContext());
    },
    async flush() {
      const late = new Promise<void>((resume) => setTimeout(resume, FLUSH_MS).unref());
      await Promise.race([provider.forceFlush?.(), late]).catch(() => {});
    },
  };
}
