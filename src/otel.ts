import { context, propagation, trace } from '@opentelemetry/api';

/** These packages are not dependencies of the server. Deployments that need traces install them (docs/tracing.md). */
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

/** Returns the share of requests that is traced, between 0 and 1. Throws for any other value. */
function ratioOf(text: string | undefined): number {
  const ratio = Number(text ?? 1);
  if (text === '' || !(ratio >= 0 && ratio <= 1))
    throw new Error(`OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1, not "${text}"`);
  return ratio;
}

/**
 * Registers the SDK. Loaded by `node --import ./src/otel.ts src/main.js` before the server, which looks it up only
 * once. The standard variables (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_SERVICE_NAME`) configure the exporter and the
 * resource.
 */
async function register(): Promise<void> {
  const sdk = await load();
  const root = new sdk.TraceIdRatioBasedSampler(ratioOf(process.env.OTEL_TRACES_SAMPLER_ARG));
  const named = sdk.resourceFromAttributes({ 'service.name': 'pratu', 'process.pid': process.pid });
  // reads OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME; the latter takes precedence
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
