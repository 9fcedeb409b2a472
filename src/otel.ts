import { context, propagation, trace } from '@opentelemetry/api';

/** Not dependencies of the server: who wants traces installs them (docs/tracing.md). */
async function load() {
  const [hooks, core, exporter, resources, sdk] = await Promise.all([
    import('@opentelemetry/context-async-hooks'),
    import('@opentelemetry/core'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace'),
  ]);
  return { ...hooks, ...core, ...exporter, ...resources, ...sdk };
}

/** The share of requests that is traced, between 0 and 1. Throws for anything else. */
function ratioOf(text: string | undefined): number {
  const ratio = Number(text ?? 1);
  if (text === '' || !(ratio >= 0 && ratio <= 1))
    throw new Error(`OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1, not "${text}"`);
  return ratio;
}

/**
 * Registers the SDK, for `node --import ./src/otel.ts src/main.js`: before the server, which asks for it once. The
 * exporter and the resource are set by the usual variables (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_SERVICE_NAME`).
 */
async function register(): Promise<void> {
  const sdk = await load();
  const root = new sdk.TraceIdRatioBasedSampler(ratioOf(process.env.OTEL_TRACES_SAMPLER_ARG));
  const named = sdk.resourceFromAttributes({ 'service.name': 'pratu', 'process.pid': process.pid });
  // both variables, of which OTEL_SERVICE_NAME is the stronger
  const described = sdk.detectResources({ detectors: [sdk.envDetector] });
  const provider = new sdk.TracerProvider({
    resource: sdk.defaultResource().merge(named).merge(described),
    sampler: new sdk.ParentBasedSampler({ root }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: new sdk.OTLPTraceExporter() })],
  });
  context.setGlobalContextManager(new sdk.AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new sdk.W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
}

try {
  await register();
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = code === 'ERR_MODULE_NOT_FOUND' ? 'The packages of OpenTelemetry are not installed' : message;
  process.stderr.write(`Traces cannot be collected: ${why} (docs/tracing.md).\n`);
  process.exit(1);
}
