/** A collector for tests: a real OTLP/HTTP receiver that keeps what it is sent, and can be made to misbehave. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ReceivedSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly status: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface ReceivedPoint {
  readonly metric: string;
  readonly unit: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The value, or a histogram's sum. */
  readonly value: number;
  /** A histogram's count. */
  readonly count: number | undefined;
}

export interface OtlpReceiver {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** What the JSON requests held. */
  spans(): ReceivedSpan[];
  points(): ReceivedPoint[];
  resource(): Readonly<Record<string, unknown>>;
  /** Everything that was sent, as text. */
  everything(): string;
  forget(): void;
  close(): Promise<void>;
}

/** @param answer the status for the n-th request, from 0; `undefined` never answers it */
export async function startReceiver(
  answer: (index: number) => number | undefined = () => 200,
): Promise<OtlpReceiver> {
  let requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      const status = answer(requests.length);
      requests.push({ path: request.url ?? '', headers: request.headers, body });
      if (status !== undefined) {
        response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
      }
    });
  });
  const url = await listen(server);
  const documents = (path: string): OtlpDocument[] =>
    requests.filter((request) => request.path === path).map(({ body }) => JSON.parse(body.toString()));
  return {
    url,
    get requests() {
      return requests;
    },
    spans: () =>
      documents('/v1/traces')
        .flatMap(({ resourceSpans }) => resourceSpans)
        .flatMap(({ scopeSpans }) => scopeSpans)
        .flatMap(({ spans }) => spans)
        .map(readSpan),
    points: () =>
      documents('/v1/metrics')
        .flatMap(({ resourceMetrics }) => resourceMetrics)
        .flatMap(({ scopeMetrics }) => scopeMetrics)
        .flatMap(({ metrics }) => metrics)
        .flatMap(readPoints),
    resource: () => attributesOf(documents('/v1/traces')[0]!.resourceSpans[0]!.resource.attributes),
    everything: () => requests.map(({ body }) => body.toString('latin1')).join('\n'),
    forget: () => {
      requests = [];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}

function readSpan(span: OtlpSpan): ReceivedSpan {
  return {
    name: span.name,
    kind: span.kind,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId || undefined,
    startNs: BigInt(span.startTimeUnixNano),
    endNs: BigInt(span.endTimeUnixNano),
    status: span.status?.code ?? 0,
    attributes: attributesOf(span.attributes),
  };
}

function readPoints(metric: OtlpMetric): ReceivedPoint[] {
  const { dataPoints } = (metric.sum ?? metric.gauge ?? metric.histogram)!;
  return dataPoints.map((point) => ({
    metric: metric.name,
    unit: metric.unit,
    attributes: attributesOf(point.attributes),
    value: Number(point.asDouble ?? point.asInt ?? point.sum),
    count: point.count === undefined ? undefined : Number(point.count),
  }));
}

function attributesOf(list: readonly OtlpAttribute[]): Record<string, unknown> {
  return Object.fromEntries(list.map(({ key, value }) => [key, plain(value)]));
}

function plain(value: OtlpValue): unknown {
  if (value.arrayValue) {
    return value.arrayValue.values.map(plain);
  }
  return value.intValue === undefined
    ? (value.stringValue ?? value.boolValue ?? value.doubleValue)
    : Number(value.intValue);
}

/** What these tests read of OTLP's JSON. Source: opentelemetry-proto, `trace.proto` and `metrics.proto`. */
interface OtlpDocument {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly OtlpMetric[] }[];
  }[];
}

interface OtlpSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status?: { readonly code?: number };
  readonly attributes: readonly OtlpAttribute[];
}

interface OtlpMetric {
  readonly name: string;
  readonly unit: string;
  readonly sum?: OtlpPoints;
  readonly gauge?: OtlpPoints;
  readonly histogram?: OtlpPoints;
}

interface OtlpPoints {
  readonly dataPoints: readonly {
    readonly attributes: readonly OtlpAttribute[];
    readonly asDouble?: number;
    readonly asInt?: string | number;
    readonly sum?: number;
    readonly count?: string | number;
  }[];
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

interface OtlpValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly doubleValue?: number;
  readonly intValue?: string | number;
  readonly arrayValue?: { readonly values: readonly OtlpValue[] };
}
