/**
 * Where and how telemetry is sent, from the project's settings and OpenTelemetry's standard variables.
 * Source: OpenTelemetry, "OTLP Exporter Configuration" and "General SDK Configuration".
 */
export interface ExportOptions {
  /** The collector's base address, as plinth.yaml has it. */
  readonly endpoint: string | undefined;
  /** `service.name`, as plinth.yaml has it. */
  readonly serviceName: string | undefined;
  /** Plinth's version. */
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface OtlpSettings {
  /** Where spans and metrics go; `undefined` where they are not sent. */
  readonly traces: Destination | undefined;
  readonly metrics: Destination | undefined;
  readonly resource: Readonly<Record<string, string>>;
  readonly sampler: SamplerSettings;
}

export interface Destination {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly encoding: 'protobuf' | 'json';
  readonly gzip: boolean;
  /** Milliseconds for one request, its tries included. */
  readonly timeoutMs: number;
  /** Paths of PEM files. */
  readonly certificate: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly clientKey: string | undefined;
}

export interface SamplerSettings {
  readonly kind: 'always_on' | 'always_off' | 'traceidratio';
  /** A trace that began elsewhere is recorded when its parent is. */
  readonly parentBased: boolean;
  readonly ratio: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** Why telemetry is not sent though an address is given, in words; else the settings, or `undefined` when none is. */
export function otlpSettings(options: ExportOptions): OtlpSettings | string | undefined {
  const { environment } = options;
  const wanted = (['TRACES', 'METRICS'] as const).some((signal) => addressOf(options, signal) !== undefined);
  if (!wanted || environment.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') {
    return undefined;
  }
  const traces = destination(options, 'TRACES');
  const metrics = destination(options, 'METRICS');
  if (typeof traces === 'string' || typeof metrics === 'string') {
    return typeof traces === 'string' ? traces : (metrics as string);
  }
  return { traces, metrics, resource: resourceOf(options), sampler: samplerOf(environment) };
}

type Signal = 'TRACES' | 'METRICS';

/** The signal's own variable is the full address; the others are a base. */
function addressOf({ endpoint, environment }: ExportOptions, signal: Signal): string | undefined {
  const own = environment[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`];
  const base = endpoint || environment.OTEL_EXPORTER_OTLP_ENDPOINT;
  return (
    (endpoint ? undefined : own) ||
    (base && `${base.replace(/\/+$/, '')}/v1/${signal.toLowerCase()}`) ||
    undefined
  );
}

function destination(options: ExportOptions, signal: Signal): Destination | string | undefined {
  const { environment } = options;
  const variable = (name: string): string | undefined =>
    environment[`OTEL_EXPORTER_OTLP_${signal}_${name}`] ||
    environment[`OTEL_EXPORTER_OTLP_${name}`] ||
    undefined;
  const address = addressOf(options, signal);
  if (address === undefined || environment[`OTEL_${signal}_EXPORTER`] === 'none') {
    return undefined;
  }
  const protocol = variable('PROTOCOL') ?? 'http/protobuf';
  if (protocol !== 'http/protobuf' && protocol !== 'http/json') {
    return `OTEL_EXPORTER_OTLP_PROTOCOL is ${protocol} (http/protobuf or http/json was wanted)`;
  }
  if (!URL.canParse(address) || !/^https?:\/\//i.test(address)) {
    return 'the address of the collector is not a URL (http://host:4318 was wanted)';
  }
  return {
    url: new URL(address),
    headers: {
      ...parsePairs(environment.OTEL_EXPORTER_OTLP_HEADERS),
      ...parsePairs(environment[`OTEL_EXPORTER_OTLP_${signal}_HEADERS`]),
    },
    encoding: protocol === 'http/json' ? 'json' : 'protobuf',
    gzip: variable('COMPRESSION') === 'gzip',
    timeoutMs: positive(variable('TIMEOUT')) ?? DEFAULT_TIMEOUT_MS,
    certificate: variable('CERTIFICATE'),
    clientCertificate: variable('CLIENT_CERTIFICATE'),
    clientKey: variable('CLIENT_KEY'),
  };
}

function resourceOf({ serviceName, version, environment }: ExportOptions): Record<string, string> {
  const own = { 'service.name': 'plinth', 'service.version': version };
  const given = parsePairs(environment.OTEL_RESOURCE_ATTRIBUTES);
  const name = serviceName || environment.OTEL_SERVICE_NAME;
  return { ...own, ...given, ...(name ? { 'service.name': name } : {}) };
}

function samplerOf(environment: ExportOptions['environment']): SamplerSettings {
  const name = environment.OTEL_TRACES_SAMPLER ?? '';
  const bare = name.replace(/^parentbased_/, '');
  const kind = bare === 'always_off' || bare === 'traceidratio' ? bare : 'always_on';
  const ratio = Number(environment.OTEL_TRACES_SAMPLER_ARG || 1);
  return {
    kind,
    parentBased: bare !== name || bare === '',
    ratio: ratio >= 0 && ratio <= 1 ? ratio : 1,
  };
}

/** `a=1,b=two%20words`, as the variables for headers and resource attributes have it. */
function parsePairs(text: string | undefined): Record<string, string> {
  const pairs = (text ?? '').split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at <= 0 ? [] : [[decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))] as const];
  });
  return Object.fromEntries(pairs);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return text.trim();
  }
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return value > 0 ? value : undefined;
}
