import { type Attributes, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { isPlinthError } from '../core/index.js';

/**
 * Runs `work` inside a span that ends when it does. A failure is recorded by its code only: messages may
 * hold names of the user's objects, and a span leaves the machine.
 */
export async function inSpan<T>(
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return trace.getTracer('plinth').startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setAttribute('error.type', isPlinthError(error) ? error.code : 'INTERNAL');
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
