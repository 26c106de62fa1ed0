/** From the chunks of an input to events and the rows to copy, a chunk at a time: memory does not grow. */
import { createHash, type Hash } from 'node:crypto';
import type { UsageEvent } from '../event.js';
import { derivedEventId } from '../event-id.js';
import type { ModelName } from '../models.js';
import { eventCost } from '../price/event-cost.js';
import type { FindPrices } from '../price/price-timeline.js';
import { EventTally } from './event-totals.js';
import { detectFormat, unknownFormat } from './formats.js';
import { checkText, readLines } from './lines.js';
import type { LinePlace } from './malformed.js';
import { type BadRows, Rejects } from './rejects.js';
import type { CheckedScope } from './scope.js';
import { stagedRow } from './staged-row.js';
import type { LineReader, TraceFormat } from './trace-format.js';

export interface EventStreamOptions {
  /** The input as messages show it. */
  readonly name: string;
  readonly chunks: AsyncIterable<string | Uint8Array>;
  /** The format, where it is not to be told from the first line. */
  readonly format: TraceFormat | undefined;
  /** Part of the identity of events that bring no id; the format's own unless given. */
  readonly source: string | undefined;
  readonly scope: CheckedScope;
  readonly findPrices: FindPrices;
  readonly badRows: BadRows;
  /** Told after each chunk how many bytes have been read. */
  onRead(bytes: number): void;
}

/** What has been read so far; complete when the rows have come to their end. */
export class EventStream {
  readonly tally = new EventTally();
  readonly rejects: Rejects;
  readonly #options: EventStreamOptions;
  readonly #place: LinePlace;
  readonly #digest: Hash = createHash('sha256');
  readonly #models = new Map<string, ModelName & { readonly index: number }>();
  #format: TraceFormat | undefined;
  #read: LineReader | undefined;
  #bytes = 0;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#format = options.format;
    this.#place = { file: options.name, line: 0 };
    this.rejects = new Rejects(options.name, options.badRows);
  }

  /** The format; known from the first row on. @throws USAGE_FORMAT_UNKNOWN when there was no line at all */
  get format(): TraceFormat {
    if (!this.#read || !this.#format) {
      throw unknownFormat(this.#options.name, 'it is empty');
    }
    return this.#format;
  }

  get source(): string {
    return this.#options.source ?? this.format.source;
  }

  /** The models that the events name; a row holds the place of its model here. */
  get models(): readonly ModelName[] {
    return [...this.#models.values()];
  }

  /** SHA-256 of the bytes; call it once, at the end. */
  sha256(): Buffer {
    return this.#digest.digest();
  }

  /** The rows for the staging table, those of a chunk together. @throws USAGE_TRACE_MALFORMED and the like */
  async *rows(): AsyncGenerator<string> {
    for await (const lines of readLines(this.#counted(), this.#place)) {
      const rows = this.#rowsOf(lines);
      if (rows !== '') {
        yield rows;
      }
    }
    // An input without a line has no format.
    void this.format;
  }

  async *#counted(): AsyncGenerator<string | Uint8Array> {
    for await (const chunk of this.#options.chunks) {
      this.#digest.update(chunk);
      this.#bytes += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.byteLength;
      yield chunk;
      this.#options.onRead(this.#bytes);
    }
  }

  #rowsOf(lines: readonly string[]): string {
    let rows = '';
    for (const line of lines) {
      this.#place.line += 1;
      if (line !== '' && !this.#opens(line)) {
        rows += this.#rowsOfLine(line);
      }
    }
    return rows;
  }

  /** All events of a line, or none: a line with a fault is set aside whole. */
  #rowsOfLine(line: string): string {
    let read: UsageEvent | readonly UsageEvent[];
    try {
      checkText(line, this.#place);
      read = this.#read!(line);
    } catch (error) {
      this.rejects.add(this.#place.line, line, error);
      return '';
    }
    return Array.isArray(read)
      ? read.map((event: UsageEvent) => this.#rowOf(event, line)).join('')
      : this.#rowOf(read as UsageEvent, line);
  }

  /** Whether the line opens the file and is not an event. */
  #opens(line: string): boolean {
    if (this.#read) {
      return false;
    }
    checkText(line, this.#place);
    this.#format ??= detectFormat(line, this.#options.name);
    this.#read = this.#format.open(line, this.#place, this.#options.scope);
    return this.#format.hasHeader;
  }

  #rowOf(event: UsageEvent, line: string): string {
    const cost = event.cost ?? eventCost(event, this.#options.findPrices);
    this.tally.add(event, cost);
    return stagedRow(event, {
      eventId: this.#eventId(event, line),
      modelIndex: this.#modelIndex(event),
      cost,
    });
  }

  #eventId(event: UsageEvent, raw: string): string {
    const { organizationId, eventId, eventTime, foreignId } = event;
    const identity = {
      source: this.source,
      organizationId,
      ...(foreignId === undefined ? { line: this.#place.line, raw } : { line: 0, raw: foreignId }),
    };
    return eventId ?? derivedEventId(eventTime.getTime(), identity);
  }

  #modelIndex({ provider, model }: UsageEvent): number {
    const key = `${provider}\0${model}`;
    let known = this.#models.get(key);
    if (!known) {
      known = { provider, name: model, index: this.#models.size };
      this.#models.set(key, known);
    }
    return known.index;
  }
}
