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

/** The settings of a span besides its name. No value may come from a caller or identify a person. */
interface SpanSettings {
  kind?: SpanKind;
  attributes?: Attributes;
}

/** The span of a request, which ends when the response is sent. */
export interface RequestSpan {
  traceId: string;
  /** Runs work within the span. */
  run<T>(work: () => T): T;
  /** Sets the name and status of the span, and ends it. */
  end(ended: { name: string; attributes: Attributes; failed: boolean }): void;
}

/** Tracing by OpenTelemetry. Available only if an SDK was registered before the server was composed. */
export interface Tracing {
  /** Starts the span of a request, as a child of the caller's span if `headers` are given and contain one. */
  request(name: string, headers: Readonly<Record<string, unknown>> | undefined): RequestSpan;
  /**
   * Runs work in a child span of the current one. Without a current span, none is created, as nothing requested a
   * trace.
   */
  child<T>(name: string, settings: SpanSettings, work: () => T | Promise<T>): Promise<T>;
  /** The same for synchronous work. */
  childNow<T>(name: string, settings: SpanSettings, work: () => T): T;
  /** Runs work in a separate trace, linked to the one that `traceparent` names. */
  linked<T>(
    name: string,
    settings: SpanSettings & { traceparent: string | undefined },
    work: () => Promise<T>,
  ): Promise<T>;
  /** Runs work shared by several requests outside of their spans. */
  detached<T>(work: () => T): T;
  /** Adds an event to the current span. */
  event(name: string): void;
  /** The current span as a W3C Trace Context header; undefined without one. */
  traceparent(): string | undefined;
  /** Sends the collected spans, for at most two seconds. Never rejects. */
  flush(): Promise<void>;
}

const FLUSH_MS = 2000;
/** A name, or an SQLSTATE. */
const SAFE_TYPE = /^(?:[A-Za-z][\w.]{0,63}|[0-9A-Z]{5})$/;

/** The short code of a failure. Its message is not used, as it may contain input of a person. */
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

/** The provider registered by a preloaded module. */
const registered = (): { forceFlush?(): Promise<void> } | undefined => {
  const proxy = trace.getTracerProvider() as ProxyTracerProvider;
  // the proxy has no delegate while no provider is registered
  return proxy.getDelegateTracer?.('pratu') ? (proxy.getDelegate() as object) : undefined;
};

/** Undefined if no SDK is registered, so that components without tracing make no calls for spans at all. */
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
