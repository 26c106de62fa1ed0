import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTraceParent } from '../../src/telemetry/remote-parent.js';

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));

test('a traceparent of the standard’s form is read, also one of a later version', () => {
  fc.assert(
    fc.property(
      hex(32),
      hex(16),
      hex(2),
      fc.constantFrom('00', '01', '7e'),
      (trace, span, flags, version) => {
        fc.pre(!/^0+$/.test(trace) && !/^0+$/.test(span));
        const more = version === '00' ? '' : '-what-comes-later';
        expect(parseTraceParent(`${version}-${trace}-${span}-${flags}${more}`)).toEqual({
          traceId: trace,
          spanId: span,
          traceFlags: Number.parseInt(flags, 16) & 1,
          isRemote: true,
        });
      },
    ),
  );
});

test.each([
  '',
  'nonsense',
  '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
  '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01',
  'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  '00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01',
  '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more',
])('`%s` is no traceparent', (text) => {
  expect(parseTraceParent(text)).toBeUndefined();
});
